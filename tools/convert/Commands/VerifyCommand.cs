using System.CommandLine;
using System.Diagnostics;
using KerasCompat.Containers;
using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
using KerasCompat.Onnx;
using KerasCompat.Runtime;
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
        var junit = new Option<string?>("--junit") { Description = "Write the outcome to this file as JUnit XML, which CI servers show." };
        var through = new Option<string>("--through") { Description = "What runs the cases: cpu; onnx for ONNX Runtime on the exported model; safetensors for the CPU on the model written so and read back.", DefaultValueFactory = _ => "cpu" };
        through.AcceptOnlyFromAmong("cpu", "onnx", "safetensors");
        var except = new Option<string?>("--except") { Description = "With --through onnx: a file of cases and failures that count as passed, with reasons." };
        var opset = new Option<int?>("--opset") { Description = "With --through onnx: the operator set." };
        var inputShape = new InputShapeOption();
        var device = new DeviceOptions();
        var command = new Command("verify", "Compare with what Keras computed.") { file, vectors, weights, atol, rtol, json, cases, files, only, report, junit, through, opset, except };
        inputShape.AddTo(command);
        device.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            var work = Work.OfProcess(inputShape.Of(parsed));
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(cases) is { } directory)
            {
                var run = new CaseRun(directory, parsed.GetValue(report), parsed.GetValue(junit), parsed.GetValue(except) is { } list ? OnnxExceptions.Read(list) : null, asJson);
                Device used = device.Of(parsed);
                return run.Of(CaseSuite.Read(directory, parsed.GetValue(files), parsed.GetValue(only)), Runner(parsed.GetValue(through)!, parsed.GetValue(opset), used, work.Token), used, work);
            }

            string path = parsed.GetValue(file) ?? throw new ArgumentException("Name a model file and a vectors file, or --cases DIR.");
            var tolerance = new Tolerance(parsed.GetValue(atol), parsed.GetValue(rtol));
            return Compare(
                path,
                parsed.GetValue(junit),
                asJson,
                parsed.GetValue(vectors) is null ? string.Empty : $" ({tolerance})",
                () => parsed.GetValue(vectors) is { } computed
                    ? VerifyFile(path, computed, parsed.GetValue(weights), tolerance, device.Of(parsed), work)
                    : VerifyItself(path, device.Of(parsed), work));
        }));
        return command;
    }

    private static Func<CaseSuite, IEnumerable<CaseOutcome>> Runner(string through, int? opset, Device device, CancellationToken cancellation) => through switch
    {
        not "cpu" when device != Device.Cpu => throw new ArgumentException($"--device {DeviceName.Of(device)}: with --through {through} the cases are not run on devices. Leave one of the two out."),
        "onnx" => suite => suite.RunThroughOnnx(new OnnxExportOptions { Opset = opset, CancellationToken = cancellation }),
        "safetensors" => suite => suite.RunThroughSafetensors(cancellation),
        _ => suite => suite.Run(device, cancellation),
    };

    /// <summary>Compares, prints the outcome and writes it as JUnit XML where that is wanted: a test for every output, or one that tells why there are none.</summary>
    private static ExitCode Compare(string path, string? junit, bool json, string limits, Func<VerificationReport> verify)
    {
        var watch = Stopwatch.StartNew();
        var tests = new JUnitReport(Path.GetFileName(path));
        try
        {
            VerificationReport report = verify();
            foreach (ArrayComparison output in report.Outputs)
            {
                TimeSpan share = watch.Elapsed / report.Outputs.Count;
                if (output.Passes)
                {
                    tests.Passed(output.Name, share);
                }
                else
                {
                    tests.Failed(output.Name, share, report.FirstDiverging is { } first ? $"{output}{Environment.NewLine}{first}" : output.ToString());
                }
            }

            Console.WriteLine(json
                ? ReportJson(report).ToString()
                : $"{report}{Environment.NewLine}{Terminal.Verdict(report.Passes, report.Passes ? "same numbers" : "DIFFERENT NUMBERS")}{limits}");
            return report.Passes ? ExitCode.Ok : ExitCode.Mismatch;
        }
        catch (KerasCompatException e)
        {
            tests.Erred("load", watch.Elapsed, e.Message);
            throw;
        }
        finally
        {
            if (junit is not null)
            {
                StagedFiles.Write(junit, tests.Write);
            }
        }
    }

    private static VerificationReport VerifyFile(string file, string vectors, string? weights, Tolerance tolerance, Device device, Work work)
    {
        using KerasModel model = work.Load(file, weights, device);
        using VectorsFile computed = VectorsFile.Open(vectors);
        using Progress bar = work.Begin("verify", computed.Calls.Count);
        return Verifier.Verify(model, computed, tolerance, work.Token, () => bar.Advance(1));
    }

    /// <summary>Replays the self check that a file carries.</summary>
    private static VerificationReport VerifyItself(string path, Device device, Work work) => !OnnxFile.Is(path) ? new(ReplaySelfCheck(path, device, work), null)
        : device == Device.Cpu ? new(OnnxFile.ReplaySelfCheck(path, work), null)
        : throw new ArgumentException($"--device {DeviceName.Of(device)}: an .onnx file is run by ONNX Runtime. Leave --device out.");

    private static IReadOnlyList<ArrayComparison> ReplaySelfCheck(string path, Device device, Work work)
    {
        using KerasFile file = work.Open(path);
        if (!file.Metadata.ContainsKey(SelfCheck.Key))
        {
            throw new ArgumentException("Name the vectors file that Keras wrote for the model: the file carries no self check.");
        }

        using KerasModel model = work.Load(file, device: device);
        using Progress bar = work.Begin("verify");
        return SelfCheck.Replay(file.Name, file.Metadata, inputs => model.Predict(inputs, new RecurrentState(), work.Token));
    }

    private static JObject ReportJson(VerificationReport report) => new()
    {
        ["passes"] = report.Passes,
        ["outputs"] = ComparisonJson.Write(report.Outputs),
        ["firstDiverging"] = report.FirstDiverging is { } d
            ? new JObject { ["layer"] = d.Layer, ["class"] = d.ClassName, ["absolute"] = d.Output.LargestAbsolute, ["before"] = d.LargestBefore }
            : null,
    };
}
