import '../shared/page.css';
import './pageSession.ts';
import './runPage.ts';
