import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { Select, TextField } from "../../ui/Field";
import { useAct } from "../parts/act";
import { FormDialog } from "../parts/FormDialog";
import { Choices } from "../users/ScopeDialog";
import { partsOf, secondsOf } from "./parts";
import { type Changed, createBody, isOther, isReadable, type Source, updateBody, type Wish, wishOf } from "./wish";

type Module = Schemas["Module"];

interface ModuleProps {
  /** Which is changed; without one another is made. */
  module?: Module | undefined;
  all: readonly Module[];
  onClose(): void;
}

/** Makes a module or changes one; another film makes a new version. */
export function ModuleDialog({ module: now, all, onClose }: ModuleProps) {
  // As it was when editing began: a later answer must not pass for what was seen and kept.
  const [module] = useState(now);
  const [wish, setWish] = useState(() => wishOf(module));
  const save = useAct(() => (module ? update(module, wish) : create(wish)), onClose);
  const set = (part: Partial<Wish>) => setWish((old) => ({ ...old, ...part }));
  const isNew = module !== undefined && isOther(module, wish);
  return (
    <FormDialog
      title={module ? m.admin_edit_title({ name: module.title }) : m.admin_module_new()}
      submit={module ? m.admin_save() : m.admin_make()}
      isOpen
      onClose={onClose}
      onSubmit={() => save.mutate()}
      isPending={save.isPending}
      isReady={isReadable(wish) && !(isNew && wish.changed === "nothing")}
      error={save.error}
    >
      <TextField label={m.admin_title()} value={wish.title} onChange={(title) => set({ title })} maxLength={200} isRequired />
      {!module && <TextField label={m.admin_id()} hint={m.admin_module_id_hint()} value={wish.id} onChange={(id) => set({ id })} />}
      <Film wish={wish} set={set} />
      {module && <Another wish={wish} set={set} isNeeded={isNew} version={module.version + 1} />}
      <Parts label={m.admin_must_see()} value={wish.mustSee} onChange={(mustSee) => set({ mustSee })} />
      <Suffices wish={wish} set={set} />
      {all.some(({ id }) => id !== module?.id) && (
        <Choices
          title={m.admin_module_before()}
          choices={all.filter(({ id }) => id !== module?.id).map(({ id, title }) => ({ id, name: title }))}
          chosen={wish.prerequisites}
          onChange={(prerequisites) => set({ prerequisites })}
        />
      )}
      <Check label={m.admin_module_active()} isSelected={wish.active} onChange={(active) => set({ active })} />
    </FormDialog>
  );
}

function create(wish: Wish) {
  return api.POST("/api/training/modules", { params: { header: MARK }, body: createBody(wish) });
}

function update(module: Module, wish: Wish) {
  const params = { path: { moduleId: module.id }, header: { ...MARK, "If-Match": module.etag } };
  return api.PATCH("/api/training/modules/{moduleId}", { params, body: updateBody(module, wish) });
}

interface PartProps {
  wish: Wish;
  set(part: Partial<Wish>): void;
}

/** Where the film is and how long. */
function Film({ wish, set }: PartProps) {
  const isBroken = wish.length !== "" && secondsOf(wish.length) === undefined;
  return (
    <>
      <Select
        label={m.admin_module_source()}
        value={wish.source}
        options={[{ id: "own", name: m.admin_module_own() }, { id: "youtube", name: "YouTube" }]}
        onChange={(source) => set({ source: source as Source })}
      />
      {wish.source === "youtube" ? (
        <TextField label={m.admin_module_video()} hint={m.admin_module_video_hint()} value={wish.video} onChange={(video) => set({ video })} isRequired />
      ) : (
        <p className="text-note text-soft">{m.admin_module_own_hint()}</p>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={m.length()}
          hint={m.admin_module_length_hint()}
          value={wish.length}
          onChange={(length) => set({ length })}
          error={isBroken ? m.admin_module_unreadable() : undefined}
          isRequired
        />
        <Figure label={m.admin_module_tail()} value={wish.tail} onChange={(tail) => set({ tail })} />
      </div>
    </>
  );
}

/** What of the film is another one: proofs of what was before stay good for a time. */
function Another({ wish, set, isNeeded, version }: PartProps & { isNeeded: boolean; version: number }) {
  const options = [
    { id: "nothing", name: m.admin_module_changed_nothing() },
    { id: "everything", name: m.admin_module_changed_all() },
    { id: "parts", name: m.admin_module_changed_parts() },
  ];
  return (
    <fieldset className="grid gap-4 border-s-3 border-line ps-4">
      <legend className="font-semibold">{m.admin_module_changed()}</legend>
      <Select label={m.admin_module_changed_what()} value={wish.changed} options={options} onChange={(changed) => set({ changed: changed as Changed })} />
      {isNeeded && wish.changed === "nothing" && <p role="status" className="font-semibold text-wait">{m.admin_module_changed_say()}</p>}
      {wish.changed === "parts" && (
        <Parts label={m.admin_module_changed_which()} value={wish.changedParts} onChange={(changedParts) => set({ changedParts })} />
      )}
      {wish.changed !== "nothing" && (
        <>
          <p className="text-note text-soft">{m.admin_module_version_next({ version })}</p>
          <Figure label={m.admin_module_grace_now()} value={wish.graceDays} onChange={(graceDays) => set({ graceDays })} />
        </>
      )}
    </fieldset>
  );
}

/** When watching suffices; what is empty is as usual. */
function Suffices({ wish, set }: PartProps) {
  return (
    <fieldset className="grid gap-4">
      <legend className="font-semibold">{m.admin_module_suffices()}</legend>
      <p className="text-note text-soft">{m.admin_module_usual()}</p>
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <Figure label={m.admin_proof_percent()} value={wish.percent} onChange={(percent) => set({ percent })} isFine />
        <Figure label={m.admin_module_gap()} value={wish.gap} onChange={(gap) => set({ gap })} isFine />
        <Figure label={m.admin_module_rate()} value={wish.rate} onChange={(rate) => set({ rate })} isFine />
        <Figure label={m.admin_module_minimum()} value={wish.minimum} onChange={(minimum) => set({ minimum })} isFine />
        <Figure label={m.admin_module_grace()} value={wish.grace} onChange={(grace) => set({ grace })} />
      </div>
    </fieldset>
  );
}

interface FigureProps {
  label: string;
  value: string;
  onChange(value: string): void;
  /** Whether a part of one makes sense. */
  isFine?: boolean;
}

function Figure({ label, value, onChange, isFine = false }: FigureProps) {
  return (
    <TextField
      label={label}
      type="number"
      inputMode={isFine ? "decimal" : "numeric"}
      {...(isFine ? { step: "any" } : {})}
      value={value}
      onChange={onChange}
    />
  );
}

/** Parts of a film, one a line. */
function Parts({ label, value, onChange }: Omit<FigureProps, "isFine">) {
  return (
    <TextField
      label={label}
      hint={m.admin_parts_hint()}
      rows={2}
      value={value}
      onChange={onChange}
      error={partsOf(value) === undefined ? m.admin_module_unreadable() : undefined}
    />
  );
}
