import '../shared/page.css';
import './runPage.ts';
