import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { useAct } from "../parts/act";

type User = Schemas["User"];

/**
 * Changes one thing of a person, as long as what is about to be written over is what was seen:
 * the API takes no condition here, so it is looked at again right before.
 */
export function useChange(shown: User, told: (user: User) => unknown, onDone: () => void) {
  // As it was when the dialog opened: a later answer must not pass for what was seen and kept.
  const [user] = useState(shown);
  return useAct(async (body: Schemas["UpdateUserRequest"]) => {
    const path = { userId: user.id };
    const now = await api.GET("/api/users/{userId}", { params: { path } });
    if (!now.data) throw ProblemError.unreachable();
    if (JSON.stringify(told(now.data.user)) !== JSON.stringify(told(user))) {
      throw new ProblemError({ status: 412, code: "precondition_failed" });
    }
    return api.PATCH("/api/users/{userId}", { params: { path, header: MARK }, body });
  }, onDone);
}
