import '../shared/page.css';
import './experimentPage.ts';
