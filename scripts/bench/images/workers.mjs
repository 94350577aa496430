// Programs that stay up while they are measured, so that their start is not: one request a line, one answer a line.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that answers each line of JSON with one. */
export class Worker {
  constructor(command, args) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(request) {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the worker ended while it did ${JSON.stringify(request)}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`${answer.error} (${JSON.stringify(request)})`);
    return answer;
  }

  async end() {
    if (this.child.exitCode !== null) return;
    this.child.stdin.end();
    await once(this.child, 'exit');
  }
}

/** Answers requests on standard input by the functions in `ops`; for workers written in this language. */
export async function serve(ops) {
  for await (const text of createInterface({ input: process.stdin })) {
    const request = JSON.parse(text);
    let answer;
    try {
      answer = await ops[request.op](request);
    } catch (error) {
      answer = { error: String(error?.message ?? error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

/** Runs `work` and says what it cost: processor time of all threads of this process, and the time on the clock. */
export async function timed(work) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const result = await work();
  const wall_ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { result, cpu_ms: (user + system) / 1000, wall_ms };
}
