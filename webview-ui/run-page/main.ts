import './run-page.css';
import './runPage.ts';
