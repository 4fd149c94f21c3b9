using System.CommandLine;
using KerasCompat.Containers;
using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Export;
using KerasCompat.Onnx;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert verify</c>: compares a model, or every case of a suite, with what Keras computed.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("file") { Description = "The model file.", Arity = ArgumentArity.ZeroOrOne };
        var vectors = new Argument<string?>("vectors") { Description = "What Keras computed for it: an .npz of keras_vectors.py. Without it, the self check that an .onnx or .safetensors file carries is replayed.", Arity = ArgumentArity.ZeroOrOne };
        var weights = new Option<string?>("--weights") { Description = "A second file with the weights." };
        var atol = new Option<double>("--atol") { Description = "Largest absolute difference allowed.", DefaultValueFactory = _ => Tolerance.Default.Absolute };
        var rtol = new Option<double>("--rtol") { Description = "Largest relative difference allowed, added to --atol.", DefaultValueFactory = _ => Tolerance.Default.Relative };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var cases = new Option<string?>("--cases") { Description = "A directory with cases.jsonl: run every line of it." };
        var files = new Option<string?>("--files") { Description = "Where the cases' model files lie, if not beside cases.jsonl." };
        var only = new Option<string?>("--only") { Description = "Run only the cases whose name matches this regular expression." };
        var report = new Option<string?>("--report") { Description = "Write the outcome of every case to this file as JSON lines." };
        var through = new Option<string>("--through") { Description = "What runs the cases: cpu; onnx for ONNX Runtime on the exported model; safetensors for the CPU on the model written so and read back.", DefaultValueFactory = _ => "cpu" };
        through.AcceptOnlyFromAmong("cpu", "onnx", "safetensors");
        var except = new Option<string?>("--except") { Description = "With --through onnx: a file of cases and failures that count as passed, with reasons." };
        var opset = new Option<int?>("--opset") { Description = "With --through onnx: the operator set." };
        Option<string> device = DeviceName.Option();
        var command = new Command("verify", "Compare with what Keras computed.") { file, vectors, weights, atol, rtol, json, cases, files, only, report, through, opset, except, device };
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () => parsed.GetValue(cases) is { } directory
            ? VerifyCases(directory, parsed.GetValue(files), parsed.GetValue(only), parsed.GetValue(report), parsed.GetValue(through)!, parsed.GetValue(opset), parsed.GetValue(except), DeviceName.Parse(parsed.GetValue(device)!))
            : (parsed.GetValue(file) ?? throw new ArgumentException("Name a model file and a vectors file, or --cases DIR.")) is var path && parsed.GetValue(vectors) is null
            ? VerifyItself(path, parsed.GetValue(json))
            : VerifyFile(
                path,
                parsed.GetValue(vectors)!,
                parsed.GetValue(weights),
                new Tolerance(parsed.GetValue(atol), parsed.GetValue(rtol)),
                parsed.GetValue(json),
                DeviceName.Parse(parsed.GetValue(device)!))));
        return command;
    }

    private static Func<CaseSuite, IEnumerable<CaseOutcome>> Runner(string through, int? opset, Device device) => through switch
    {
        "onnx" => suite => suite.RunThroughOnnx(new OnnxExportOptions { Opset = opset }),
        "safetensors" => suite => suite.RunThroughSafetensors(),
        _ => suite => suite.Run(device),
    };

    private static ExitCode VerifyFile(string file, string vectors, string? weights, Tolerance tolerance, bool json, Device device)
    {
        var options = new LoadOptions { Device = device };
        using KerasModel model = weights is null ? KerasModel.Load(file, options) : KerasModel.Load(weights, file, options);
        VerificationReport report = model.Verify(vectors, tolerance);
        Console.WriteLine(json ? ReportJson(report).ToString() : $"{report}{Environment.NewLine}{(report.Passes ? "same numbers" : "DIFFERENT NUMBERS")} ({tolerance})");
        return report.Passes ? ExitCode.Ok : ExitCode.Mismatch;
    }

    /// <summary>Replays the self check that a file carries.</summary>
    private static ExitCode VerifyItself(string path, bool json)
    {
        var report = new VerificationReport(OnnxFile.Is(path) ? OnnxFile.ReplaySelfCheck(path) : ReplaySelfCheck(path), null);
        Console.WriteLine(json ? ReportJson(report).ToString() : $"{report}{Environment.NewLine}{(report.Passes ? "same numbers" : "DIFFERENT NUMBERS")}");
        return report.Passes ? ExitCode.Ok : ExitCode.Mismatch;
    }

    private static IReadOnlyList<ArrayComparison> ReplaySelfCheck(string path)
    {
        using KerasFile file = KerasFileReader.Open(path);
        if (!file.Metadata.ContainsKey(SelfCheck.Key))
        {
            throw new ArgumentException("Name the vectors file that Keras wrote for the model: the file carries no self check.");
        }

        using KerasModel model = KerasModel.Load(file);
        return SelfCheck.Replay(file.Name, file.Metadata, inputs => model.Predict(inputs, new RecurrentState()));
    }

    private static ExitCode VerifyCases(string directory, string? files, string? only, string? report, string through, int? opset, string? except, Device device)
    {
        var suite = CaseSuite.Read(directory, files, only);
        OnnxExceptions? exceptions = except is null ? null : OnnxExceptions.Read(except);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        int passed = 0, failed = 0, excepted = 0;
        using var staged = new StagedFiles();
        using TextWriter? lines = report is null ? null : new StreamWriter(staged.Add(report));
        foreach (CaseOutcome outcome in Runner(through, opset, device)(suite))
        {
            string? reason = outcome.Passes ? null : exceptions?.Reason(name, outcome.Case, outcome.Text);
            (passed, failed, excepted) = outcome.Passes ? (passed + 1, failed, excepted) : reason is null ? (passed, failed + 1, excepted) : (passed, failed, excepted + 1);
            if (!outcome.Passes && reason is null)
            {
                Console.WriteLine($"{outcome.Case}: {outcome.Text}");
            }

            var line = new JObject { ["name"] = outcome.Case, ["passes"] = outcome.Passes, ["text"] = outcome.Text, ["exception"] = outcome.Exception };
            if (reason is not null)
            {
                line["excepted"] = reason;
            }

            lines?.WriteLine(line.ToString(Newtonsoft.Json.Formatting.None));
        }

        lines?.Close();
        staged.Complete();
        Console.WriteLine($"{passed} passed, {failed} failed{(exceptions is null ? string.Empty : $", {excepted} excepted")}");
        if (device is OpenClDevice openCl)
        {
            PrintCounters(openCl);
        }

        return failed == 0 ? ExitCode.Ok : ExitCode.Mismatch;
    }

    private static void PrintCounters(OpenClDevice device)
    {
        OpenClCounters counters = device.Context.Counters;
        Console.WriteLine(
            $"{device.Name}: {counters.DeviceShare:P2} of {counters.DeviceOps + counters.HostOps:N0} operators ran on the device; "
            + $"{counters.Uploads:N0} copies up ({counters.UploadedBytes:N0} bytes), {counters.Downloads:N0} down ({counters.DownloadedBytes:N0} bytes)");
        if (counters.HostOps > 0)
        {
            Console.WriteLine($"on the CPU: {string.Join(", ", counters.HostOpsByName.OrderByDescending(o => o.Value).Select(o => $"{o.Value} {o.Key}"))}");
        }
    }

    private static JObject ReportJson(VerificationReport report) => new()
    {
        ["passes"] = report.Passes,
        ["outputs"] = new JArray(report.Outputs.Select(o => new JObject
        {
            ["name"] = o.Name,
            ["passes"] = o.Passes,
            ["absolute"] = o.LargestAbsolute,
            ["relative"] = o.LargestRelative,
            ["failures"] = o.Failures,
            ["mismatch"] = o.Mismatch,
        })),
        ["firstDiverging"] = report.FirstDiverging is { } d
            ? new JObject { ["layer"] = d.Layer, ["class"] = d.ClassName, ["absolute"] = d.Output.LargestAbsolute, ["before"] = d.LargestBefore }
            : null,
    };
}
