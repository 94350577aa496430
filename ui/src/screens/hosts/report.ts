/** A test of a profile as four points on a line, and as one step that needs looking at. */

import type { TestOutcome, TestReport, TestStep } from '../../host/contract';

/** What a point of the line shows. */
export type HopState = 'ok' | 'warn' | 'fail' | 'none';

/** The points of the line, each with the steps of the test it stands for. */
const POINTS: readonly (readonly TestStep['step'][])[] = [
  ['connect'],
  ['write', 'no_overwrite'],
  ['read', 'public_read'],
  ['delete'],
];

const WORST: readonly TestOutcome[] = ['failed', 'warning', 'passed', 'skipped'];
const STATES: Record<TestOutcome, HopState> = {
  failed: 'fail',
  warning: 'warn',
  passed: 'ok',
  skipped: 'none',
};

/** The four points: connect, write, read, delete. */
export function hopsOf(report: TestReport | undefined): HopState[] {
  return POINTS.map((names) => {
    const outcomes = (report?.steps ?? [])
      .filter((one) => names.includes(one.step))
      .map((one) => one.outcome);
    const worst = WORST.find((outcome) => outcomes.includes(outcome));
    return worst ? STATES[worst] : 'none';
  });
}

/** The step that failed, or the first one with a warning. */
export function tellingStep(report: TestReport): TestStep | undefined {
  return (
    report.steps.find((step) => step.outcome === 'failed') ??
    report.steps.find((step) => step.outcome === 'warning')
  );
}

/** How long all steps took. */
export function totalMillis(report: TestReport): number {
  return report.steps.reduce((sum, step) => sum + step.millis, 0);
}

/** Corrections that would still change something. */
export function openCorrections(report: TestReport, fields: Record<string, string>): [string, string][] {
  return Object.entries(report.corrections).filter(([key, value]) => (fields[key] ?? '') !== value);
}
