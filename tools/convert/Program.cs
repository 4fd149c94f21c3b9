using System.CommandLine;
using System.CommandLine.Parsing;
using KerasCompat.Convert.Commands;

var root = new RootCommand("Reads, checks and runs Keras model files of every generation, without Python.")
{
    InspectCommand.Create(),
    VerifyCommand.Create(),
    PredictCommand.Create(),
    DiffCommand.Create(),
    ExtractCommand.Create(),
    ReportCommand.Create(),
    BenchCommand.Create(),
    DevicesCommand.Create(),
    CompletionCommand.Create(),
};
ExportCommand.AddTo(root);
ParseResult parsed = root.Parse(args);
// The parser takes an option that it does not know for the name of a file.
string[] faults =
[
    .. parsed.Errors.Select(e => e.Message),
    .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Where(t => t.Value.StartsWith("--", StringComparison.Ordinal)).Select(t => $"There is no option {t.Value}."),
];
return faults.Length > 0
    ? Failures.Guard(args.Contains("--json"), () => throw new ArgumentException($"{string.Join(' ', faults)} See --help."))
    : parsed.Invoke();
