using System.CommandLine;
using KerasCompat.Convert.Commands;

var root = new RootCommand("Reads, checks and runs Keras model files of every generation, without Python.")
{
    InspectCommand.Create(),
    VerifyCommand.Create(),
    PredictCommand.Create(),
    DiffCommand.Create(),
    ExtractCommand.Create(),
    ReportCommand.Create(),
    DevicesCommand.Create(),
};
ExportCommand.AddTo(root);
ParseResult parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? ReportUsage(parsed) : parsed.Invoke();

static int ReportUsage(ParseResult parsed)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("See convert --help.");
    return (int)KerasCompat.Convert.ExitCode.Usage;
}
