import { expect, test } from "vitest";
import { ProblemError } from "../api/problem";
import { m } from "../paraglide/messages";
import { detailOf, titleOf } from "./words";

const problem = (code: string) => new ProblemError({ status: 409, code, title: "Title", detail: "the id is taken" });

test("what cannot be done as things stand is told with its why", () => {
  expect(titleOf(problem("state_conflict"))).toBe(m.problem_state_conflict());
  expect(detailOf(problem("state_conflict"))).toBe("the id is taken");
});

test("what the page says in full is not said twice", () => {
  for (const code of ["precondition_failed", "self_approval", "role_required"]) {
    expect(titleOf(problem(code))).not.toBe("Title");
    expect(detailOf(problem(code))).toBeUndefined();
  }
});

test("a code the page does not know is told in the words of the API", () => {
  expect([titleOf(problem("new_code")), detailOf(problem("new_code"))]).toEqual(["Title", "the id is taken"]);
});
