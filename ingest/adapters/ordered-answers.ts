interface Answer {
  readonly say: (error?: Error) => void;
  settled: boolean;
  error: Error | undefined;
}

/** What the packets of one connection are answered: in the order in which they came, and nothing but refusals after the first refusal. */
export class OrderedAnswers {
  readonly #waiting: Answer[] = [];
  #refusal: Error | undefined;

  /** Notes that a packet came. @returns what to call once it is settled, with an error where it cannot be taken. */
  expect(say: (error?: Error) => void): (error?: Error) => void {
    const answer: Answer = {say, settled: false, error: undefined};
    this.#waiting.push(answer);
    return (error) => {
      answer.settled = true;
      answer.error = error;
      if (this.#waiting[0] === answer) this.#speak();
    };
  }

  #speak(): void {
    let spoken = 0;
    for (; this.#waiting[spoken]?.settled === true; spoken += 1) {
      const {say, error} = this.#waiting[spoken]!;
      this.#refusal ??= error;
      say(this.#refusal);
    }
    this.#waiting.splice(0, spoken);
  }
}
