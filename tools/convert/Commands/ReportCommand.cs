using System.CommandLine;
using KerasCompat.Containers;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Output;
using KerasCompat.Convert.Report;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert report</c>: a model as a page to look at.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The model file; an architecture alone is drawn too." };
        var weights = new Option<string?>("--weights") { Description = "A second file with the weights." };
        var output = new Option<string>("--output", "-o") { Description = "The page to write.", DefaultValueFactory = _ => "report.html" };
        var vectors = new Option<string?>("--vectors") { Description = "What Keras computed for the model (an .npz of keras_vectors.py): shows the difference at each layer." };
        var batch = new Option<int>("--batch") { Description = "Rows of the call that is timed, where no vectors give its inputs.", DefaultValueFactory = _ => 1 };
        var atol = new Option<double>("--atol") { Description = "Largest absolute difference allowed.", DefaultValueFactory = _ => Tolerance.Default.Absolute };
        var rtol = new Option<double>("--rtol") { Description = "Largest relative difference allowed, added to --atol.", DefaultValueFactory = _ => Tolerance.Default.Relative };
        var inputShape = new InputShapeOption();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("report", "Write a page that shows a model: its graph, layers, times, weights and differences from Keras.") { file, weights, output, vectors, batch, atol, rtol, json };
        inputShape.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            var work = Work.OfProcess(inputShape.Of(parsed));
            string path = parsed.GetValue(file)!, page = parsed.GetValue(output)!;
            using KerasFile opened = work.Open(path, parsed.GetValue(weights));
            using KerasModel model = work.Load(opened, architectureWillDo: true);
            ModelReport report = ModelReport.Gather(model, opened, new ReportRequest(parsed.GetValue(vectors), new Tolerance(parsed.GetValue(atol), parsed.GetValue(rtol)), parsed.GetValue(batch)), work);
            using (var staged = new StagedFiles())
            {
                File.WriteAllText(staged.Add(page), ReportPage.Write(report));
                work.Token.ThrowIfCancellationRequested();
                staged.Complete();
            }

            bool differs = report.Verification is { Passes: false };
            Console.WriteLine(parsed.GetValue(json)
                ? new JObject { ["wrote"] = page, ["passes"] = report.Verification?.Passes }.ToString()
                : $"wrote {page}{(differs ? ": DIFFERENT NUMBERS" : string.Empty)}");
            return differs ? ExitCode.Mismatch : ExitCode.Ok;
        }));
        return command;
    }
}
