import { api, MARK, type Schemas } from "../../api/client";
import { resourceOf } from "../../api/place";
import { ProblemError } from "../../api/problem";
import { useAct } from "../parts/act";

type Resource = Schemas["Resource"];

/** Changes a machine or host as long as nobody changed it since it was shown. */
export function usePlaceChange(place: Resource, onDone: () => void) {
  return useAct(async (body: Schemas["UpdateResourceRequest"]) => {
    const path = { machineId: place.id };
    const now = await api.GET("/api/machines/{machineId}", { params: { path } });
    if (!now.data) throw ProblemError.unreachable();
    if (told(resourceOf(now.data)) !== told(place)) throw new ProblemError({ status: 412, code: "precondition_failed" });
    const header = { ...MARK, "If-Match": now.response.headers.get("ETag") ?? "" };
    return api.PATCH("/api/machines/{machineId}", { params: { path, header }, body });
  }, onDone);
}

/** All that such a change may write over. */
function told({ name, category, description, bring, place, active, fourEyes, eventTypes }: Resource): string {
  return JSON.stringify([name, category, description, bring, place, active, fourEyes, eventTypes]);
}
