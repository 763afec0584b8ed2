import '../shared/page.css';
import './comparePage.ts';
