/**
 * The Model Context Protocol over the standard streams. A bundle of its own (scripts/support/bundles.ts), loaded by `runledger mcp` alone:
 * of the rest of Runledger it imports types, so that the protocol's library costs other commands nothing.
 */

import type { Readable, Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import type { AgentTool } from '../../core/agent-tools/agentTool.ts';

export interface McpServing {
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly AgentTool[];
  readonly answer: (tool: AgentTool, input: unknown) => Promise<Readonly<Record<string, unknown>>>;
  /** What the model is told of an error. */
  readonly refusal: (error: unknown) => string;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** For what is wrong with the connection itself. */
  readonly onError: (error: Error) => void;
}

/** Serves until the client closes its end. */
export async function serveMcp(serving: McpServing): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    serving.stdin.once('end', resolve);
    serving.stdin.once('close', resolve);
  });
  const handle = serveStdio(() => serverOf(serving), {
    transport: new StdioServerTransport(serving.stdin, serving.stdout),
    onerror: serving.onError,
  });
  await ended;
  await handle.close();
}

function serverOf({ version, instructions, tools, answer, refusal }: McpServing): McpServer {
  const server = new McpServer({ name: 'runledger', title: 'Runledger', version }, { instructions });
  for (const tool of tools) {
    const { name, title, description, isReadOnly } = tool;
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: toStandardJsonSchema(tool.input),
        outputSchema: toStandardJsonSchema(tool.output),
        // What writes runs code, or ends what runs: clients mostly ask the person before a destructive call. None leaves this machine.
        annotations: { title, readOnlyHint: isReadOnly, destructiveHint: !isReadOnly, openWorldHint: false },
      },
      async (input: unknown) => {
        try {
          const structuredContent = { ...(await answer(tool, input)) };
          return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
        } catch (error) {
          return { content: [{ type: 'text', text: refusal(error) }], isError: true };
        }
      },
    );
  }
  return server;
}
