/**
 * One key per intent: the same wish keeps its key over every retry, another wish gets a new one.
 * What makes two wishes the same is their text.
 */
export class Intent {
  private wish = "";
  private key = "";

  constructor(private readonly make: () => string = () => crypto.randomUUID()) {}

  /** The key for `wish`. */
  keyFor(wish: string): string {
    if (wish !== this.wish) {
      this.wish = wish;
      this.key = this.make();
    }
    return this.key;
  }

  /** The wish came true or was refused for good; the next one is another. */
  settle(): void {
    this.wish = "";
  }
}
