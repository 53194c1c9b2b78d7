import type { ComponentChildren, VNode } from 'preact'
import type { Api } from '../../http/api/operation.ts'
import { PROBLEMS, type ProblemName, problemAnchor } from '../../http/api/problem.ts'
import type { Member, OperationReference } from '../../http/openapi/reference.ts'
import { CopyButton } from '../../http/parts/copy-button.tsx'
import { apiProblemsPath, operationPath, paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

/** The style sheet of these pages. */
export const DOCS_STYLE = 'docs.css'

/** The frame of the reference: wider than a step, as it holds code. */
export function docsFrame(body: VNode): VNode {
  return <main class="card docs">{body}</main>
}

/** Every operation of every API, one line each. */
export function overviewView({ words, apis }: { words: Words; apis: readonly Api[] }): VNode {
  const { docs } = words.api
  return (
    <>
      <Opening title={docs.title} lead={docs.lead} words={words} />
      {apis.map((api) => (
        <section key={api.name} aria-labelledby={api.name}>
          <h2 id={api.name} lang="en" dir="ltr">
            {api.title}
          </h2>
          <p lang="en" dir="ltr">
            {api.description}
          </p>
          <dl class="facts">
            <Fact label={docs.base}>
              <Code text={api.base} />
            </Fact>
            <Fact label={docs.audience}>
              <Code text={api.audience} />
            </Fact>
            <Fact label={docs.permissions}>
              {Object.entries(api.scopes).map(([scope, text]) => (
                <p key={scope} lang="en" dir="ltr">
                  <code>{scope}</code>
                  <br />
                  <span class="hint">{text}</span>
                </p>
              ))}
            </Fact>
          </dl>
          <ul class="operations" lang="en" dir="ltr">
            {api.operations.map(({ id, method, path, summary }) => (
              <li key={id}>
                <a href={operationPath(id)}>
                  <b class="method">{method}</b>
                  <code>{path}</code>
                  <span>{summary}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p class="ways">
        <a href={apiProblemsPath}>{docs.problems}</a>
        <a href={paths.openApi}>{docs.document}</a>
      </p>
    </>
  )
}

/** One operation: how it is called, what it takes and gives, what can go wrong. */
export function operationView({ words, of }: { words: Words; of: OperationReference }): VNode {
  const { docs } = words.api
  const { operation, url, parameters, body, answer, problems, example } = of
  const { method, summary, description, scopes, fresh } = operation
  return (
    <>
      <header class="opening">
        <Back words={words} />
        <h1 lang="en" dir="ltr">
          {summary}
        </h1>
        {description !== undefined && (
          <p class="lead" lang="en" dir="ltr">
            {description}
          </p>
        )}
      </header>
      <p class="call" dir="ltr">
        <b class="method">{method}</b> <code>{url}</code>
      </p>
      <dl class="facts">
        <Fact label={docs.permission}>
          {scopes.map((scope) => (
            <p key={scope}>
              <Code text={scope} />
            </p>
          ))}
        </Fact>
        <Fact label={docs.proof}>{fresh ? docs.proofFresh : docs.proofAny}</Fact>
      </dl>
      <Members words={words} title={docs.parameters} id="parameters" members={parameters} />
      <Members words={words} title={docs.body} id="body" members={body} />
      <Members words={words} title={docs.answer} id="answer" members={answer} given>
        <p lang="en" dir="ltr">
          <b class="method">{operation.answer.status}</b> {operation.answer.description}
        </p>
      </Members>
      <section aria-labelledby="example">
        <h2 id="example">{docs.example}</h2>
        <pre dir="ltr">
          <code id="example-code">{example}</code>
        </pre>
        <CopyButton words={words} source="example-code" />
      </section>
      <section aria-labelledby="problems">
        <h2 id="problems">{docs.problems}</h2>
        <ul class="problems" lang="en" dir="ltr">
          {problems.map((name) => (
            <li key={name}>
              <a href={`${apiProblemsPath}#${problemAnchor(name)}`}>
                <b class="method">{PROBLEMS[name].status}</b> {PROBLEMS[name].title}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** What the `type` of each problem means (RFC 9457 §3.1.1). */
export function problemsView({ words }: { words: Words }): VNode {
  const { docs } = words.api
  return (
    <>
      <Opening
        title={docs.problems}
        lead={docs.problemsLead}
        words={words}
        back={<Back words={words} />}
      />
      <dl class="facts" lang="en" dir="ltr">
        {(Object.keys(PROBLEMS) as ProblemName[]).map((name) => (
          <div key={name} id={problemAnchor(name)}>
            <dt>
              <b class="method">{PROBLEMS[name].status}</b> <code>{problemAnchor(name)}</code>
            </dt>
            <dd>
              {PROBLEMS[name].title}. {PROBLEMS[name].next}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** The way from one operation to the others. */
function Back({ words }: { words: Words }): VNode {
  return (
    <p class="back">
      <a href={paths.apiDocs}>{words.api.docs.all}</a>
    </p>
  )
}

interface OpeningProps {
  readonly title: string
  readonly lead: string
  readonly words: Words
  readonly back?: VNode
}

function Opening({ title, lead, words, back }: OpeningProps): VNode {
  return (
    <header class="opening">
      {back}
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <p class="hint">{words.api.docs.english}</p>
    </header>
  )
}

function Fact({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const Code = ({ text }: { text: string }): VNode => <code dir="ltr">{text}</code>

interface MembersProps {
  readonly words: Words
  readonly title: string
  readonly id: string
  readonly members: readonly Member[]
  /** We give them: which of them must be there is not for the reader to see to. */
  readonly given?: boolean
  readonly children?: ComponentChildren
}

function Members({ words, title, id, members, given, children }: MembersProps): VNode | null {
  if (members.length === 0 && children === undefined) return null
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
      {members.length > 0 && (
        <dl class="members" dir="ltr">
          {members.map(({ name, depth, type, required, description }, index) => (
            <div key={index} class={depth === 0 ? undefined : `in-${Math.min(depth, 2)}`}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code class="type">{type}</code>
                {required && given !== true && (
                  <span class="badge">
                    <bdi>{words.api.docs.required}</bdi>
                  </span>
                )}
                {description !== undefined && <p lang="en">{description}</p>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
