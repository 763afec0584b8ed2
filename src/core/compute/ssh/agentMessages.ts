/** Messages of a host's agent among the bytes that come: a line of JSON, and as many bytes as its `size` says (`python/runledger/host/agent.py`). */
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';

const newline = 0x0a;

export interface AgentMessage {
  readonly fields: JsonObject;
  readonly payload: Buffer;
}

/** Takes bytes in whatever pieces they come. */
export class AgentMessages {
  private readonly ready: string;
  private readonly onMessage: (message: AgentMessage) => void;
  private parts: Buffer[] = [];
  private length = 0;
  /** Of a message whose line has come. */
  private head: JsonObject | undefined;
  private isReady = false;

  /** @param ready stands before the first message; lines without it before that are of the host's login scripts */
  constructor(ready: string, onMessage: (message: AgentMessage) => void) {
    this.ready = ready;
    this.onMessage = onMessage;
  }

  /** @throws Error where what comes is no message */
  add(bytes: Buffer): void {
    this.parts.push(bytes);
    this.length += bytes.length;
    while (this.head === undefined ? this.takeHead() : this.takePayload(this.head)) {
      // Until there is no whole one.
    }
  }

  private takeHead(): boolean {
    const all = this.all();
    const end = all.indexOf(newline);
    if (end === -1) {
      return false;
    }
    const line = all.subarray(0, end).toString('utf8');
    this.keep(all.subarray(end + 1));
    if (!this.isReady) {
      const start = line.indexOf(this.ready);
      if (start !== -1) {
        this.isReady = true;
        this.onMessage({ fields: parsed(line.slice(start + this.ready.length)), payload: Buffer.alloc(0) });
      }
      return true;
    }
    this.head = parsed(line);
    return true;
  }

  private takePayload(head: JsonObject): boolean {
    const size = typeof head.size === 'number' ? head.size : 0;
    if (this.length < size) {
      return false;
    }
    const all = this.all();
    this.head = undefined;
    this.keep(all.subarray(size));
    this.onMessage({ fields: head, payload: all.subarray(0, size) });
    return true;
  }

  private all(): Buffer {
    const all = Buffer.concat(this.parts);
    this.parts = [all];
    return all;
  }

  private keep(rest: Buffer): void {
    this.parts = rest.length === 0 ? [] : [rest];
    this.length = rest.length;
  }
}

function parsed(line: string): JsonObject {
  const value: unknown = JSON.parse(line);
  if (!isJsonObject(value)) {
    throw new Error(`it is no message: ${line.slice(0, 200)}`);
  }
  return value;
}
