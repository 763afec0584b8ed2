import '../shared/page.css';
import './modelPage.ts';
