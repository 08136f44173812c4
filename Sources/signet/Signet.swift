import ArgumentParser
@main struct Signet: ParsableCommand { func run() {} }
