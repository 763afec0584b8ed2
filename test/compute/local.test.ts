import { describeConformance } from './conformance.ts';

describeConformance('this machine', {
  backend: { targets: {}, target: 'local' },
  submitsScripts: true,
  isSupervisedHere: true,
});
