/// A curve as a small picture with its newest value in numbers: one for each quantity of a training.

import type { VNode } from 'preact';
import { formatValue } from '../../shared/format.js';
import { t } from '../../shared/i18n.js';
import type { Course, Curve, Point } from './course.js';

/** The drawing area in units of the picture; the style sheet decides its size on the page. */
const WIDTH = 320;
const HEIGHT = 120;
const MARGIN = { left: 40, right: 12, top: 10, bottom: 22 };

interface Scale {
  readonly low: number;
  readonly high: number;
}

/** The values that can be drawn: a diverged loss is no number. */
function finite(points: readonly Point[]): Point[] {
  return points.filter(({ y }) => Number.isFinite(y));
}

/** A training that begins anew at an earlier place is a line of its own. */
function runs(points: readonly Point[]): Point[][] {
  const found: Point[][] = [];
  for (const point of points) {
    const run = found.at(-1);
    if (run === undefined || point.x <= run.at(-1)!.x) found.push([point]);
    else run.push(point);
  }
  return found;
}

/** Fractions are shown between 0 and 1, everything else from its least to its greatest value. */
function scaleOf({ name, points }: Curve): Scale {
  const values = finite(points).map(({ y }) => y);
  if (/accuracy/i.test(name)) return { low: 0, high: 1 };
  const low = Math.min(0, ...values);
  const high = Math.max(...values);
  return high > low ? { low, high } : { low, high: low + 1 };
}

function CurveView({ curve, total }: { curve: Curve; total: number | undefined }): VNode {
  const { low, high } = scaleOf(curve);
  const points = finite(curve.points);
  const last = curve.points.at(-1)!;
  const end = Math.max(total ?? 0, last.x, 1);
  const x = (value: number) => MARGIN.left + (value / end) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const path = (run: readonly Point[]) =>
    run.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ');
  const tip = points.at(-1);
  return (
    <figure class="curve">
      <figcaption>
        <span>{curve.name}</span>
        <strong>{formatValue(last.y)}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t('chart.label', {
          name: curve.name,
          first: formatValue(curve.points[0]!.y),
          last: formatValue(last.y),
        })}
      >
        <g class="curve-grid">
          {[low, (low + high) / 2, high].map((value) => (
            <line key={value} x1={x(0)} x2={x(end)} y1={y(value)} y2={y(value)} />
          ))}
        </g>
        <g class="curve-axis">
          <text x={MARGIN.left - 6} y={y(high) + 4} text-anchor="end">
            {formatValue(high)}
          </text>
          <text x={MARGIN.left - 6} y={y(low)} text-anchor="end">
            {formatValue(low)}
          </text>
          <text x={x(0)} y={HEIGHT - 4}>
            0
          </text>
          <text x={x(end)} y={HEIGHT - 4} text-anchor="end">
            {end}
          </text>
        </g>
        {runs(points).map((run, i) => (
          <polyline key={i} points={path(run)} />
        ))}
        {tip && <circle cx={x(tip.x)} cy={y(tip.y)} r="3.5" />}
      </svg>
    </figure>
  );
}

/** Everything that a program's lines told about its training. */
export function CourseView({ course, busy }: { course: Course; busy: boolean }): VNode {
  const { unit, at, total, curves } = course;
  const name = t(unit === 'Epoch' ? 'chart.epoch' : 'chart.step', { n: at });
  return (
    <div class="course">
      {busy && total !== undefined && (
        <p class="course-progress">
          <progress value={Math.min(at, total)} max={total} aria-label={name} />
          <span>{t('chart.of', { place: name, total })}</span>
        </p>
      )}
      <div class="course-curves">
        {curves.map((curve) => (
          <CurveView key={curve.name} curve={curve} total={total} />
        ))}
      </div>
    </div>
  );
}
