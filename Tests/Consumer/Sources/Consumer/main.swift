// The program of the articles, on its own message and on the changed one.
let verdict = try await verify(bankMessage, from: "192.0.2.3")
let failing = try await failingVerdict()
let lines =
  summary(of: verdict) + summary(of: failing) + steps(of: failing) + reasons(for: failing)
  + addresses(of: failing) + diagnosis(of: changedMessage, failing)
for line in lines { print(line) }
