import assert from 'node:assert/strict';
import type { EngineEvent } from '../../../../scheduler/core/engine-state.ts';
import { SchedulerMetrics } from '../../../../scheduler/metrics/scheduler-metrics.ts';
import { EngineWorld, makeComponent, makeOffer, makeSpec, scalar } from '../../../support/engine-world.ts';

/** An engine whose every step is counted. */
class MeasuredWorld extends EngineWorld {
  readonly metrics = new SchedulerMetrics();

  override send(event: EngineEvent) {
    const before = this.state;
    const effects = super.send(event);
    this.metrics.observe({ event, before, state: this.state, effects, nowMs: this.nowMs });
    return effects;
  }

  async lines(): Promise<string[]> {
    return (await this.metrics.render(this.nowMs)).split('\n').filter((line) => !line.startsWith('#'));
  }
}

describe('scheduler metrics', () => {
  it('counts offers, launches, states and what is there now', async () => {
    const world = new MeasuredWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    world.offer('h1', makeOffer('small', [scalar('cpus', 0.5), scalar('mem', 4096)]));
    world.report('worker-0', 'TASK_RUNNING');
    const lines = await world.lines();
    for (const line of [
      'stevedore_connected 1',
      'stevedore_subscriptions_total 1',
      'stevedore_offers_received_total{role="r"} 2',
      'stevedore_offers_accepted_total 1',
      'stevedore_offers_declined_total{reason="misfit"} 1',
      'stevedore_launches_total{component="worker"} 2',
      'stevedore_status_updates_total{state="TASK_RUNNING",reason=""} 1',
      'stevedore_instances{component="worker",phase="ready"} 1',
      'stevedore_instances{component="worker",phase="launching"} 1',
      'stevedore_instances{component="worker",phase="waiting"} 0',
    ])
      assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
  });

  it('says which stage refused what waits', async () => {
    const world = new MeasuredWorld(makeSpec(makeComponent()));
    world.subscribe();
    world.offer(makeOffer('small', [scalar('cpus', 0.5), scalar('mem', 100)]));
    const lines = await world.lines();
    assert.ok(lines.includes('stevedore_offer_refusals_total{stage="cpus"} 1'));
    assert.ok(lines.includes('stevedore_offer_refusals_total{stage="mem"} 1'));
  });

  it('knows how long the master has been silent', async () => {
    const metrics = new SchedulerMetrics();
    metrics.hear(1000);
    assert.match(await metrics.render(21_000), /^stevedore_stream_silence_seconds 20$/m);
  });
});
