using System.CommandLine;
using KerasCompat.Containers;
using KerasCompat.Convert.Bench;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu.Kernels;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Verification;
using Newtonsoft.Json;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert bench</c>: what a call of a model takes on a device, alone or in turns with another.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The model file; an architecture alone is given weights." };
        var weights = new Option<string?>("--weights") { Description = "A second file with the weights." };
        var inputShape = new InputShapeOption();
        var device = new DeviceOptions();
        var against = new Option<string?>("--against") { Description = "A device to hold it against, round by round in one process: those of --device, or onnx for ONNX Runtime. The outputs are compared." };
        var input = new Option<string?>("--input") { Description = "The inputs of a call: .npy, .npz, .csv or .json. Drawn unless told." };
        var batch = new Option<int>("--batch") { Description = "Rows of a call.", DefaultValueFactory = _ => 1 };
        Option<string[]> fix = FixedShapes.Option("Sizes of drawn inputs: an input's, image=1,224,224,3, or a symbol's, time=80.");
        var rounds = new Option<int>("--rounds") { Description = "Turns that each device has; a turn is at least 0.03 s.", DefaultValueFactory = _ => 11 };
        var threads = new Option<int>("--threads") { Description = "Threads of the CPU executor and of ONNX Runtime; all processors unless told.", DefaultValueFactory = _ => CpuThreads.Count };
        var output = new Option<string?>("--output", "-o") { Description = "Write the figures to this file as JSON." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("bench", "Measure what a call of a model takes on a device, alone or in turns with another.") { file, weights, against, input, batch, fix, rounds, threads, output, json };
        inputShape.AddTo(command);
        device.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            CpuThreads.Count = AtLeastOne(threads);
            (Device Device, string Name)[] devices =
            [
                Named(device.Of(parsed)),
                .. parsed.GetValue(against) is { } other ? [Named(DeviceName.Parse(other, () => OnnxRuntimeDevice.OnThreads(CpuThreads.Count)))] : Array.Empty<(Device, string)>(),
            ];
            var request = new Request(
                parsed.GetValue(file)!, parsed.GetValue(weights), parsed.GetValue(input), AtLeastOne(batch), parsed.GetValue(fix)!, AtLeastOne(rounds));
            BenchResult result = Measure(request, devices, Work.OfProcess(inputShape.Of(parsed)));
            if (parsed.GetValue(output) is { } path)
            {
                StagedFiles.Write(path, stream =>
                {
                    using var writer = new StreamWriter(stream);
                    writer.WriteLine(result.Json().ToString(Formatting.Indented));
                });
            }

            Console.WriteLine(parsed.GetValue(json) ? result.Json().ToString() : string.Join(Environment.NewLine, result.Lines()));
            return result.Passes ? ExitCode.Ok : ExitCode.Mismatch;

            int AtLeastOne(Option<int> option) => parsed.GetValue(option) is > 0 and var number ? number : throw new ArgumentException($"{option.Name} must be at least 1.");
        }));
        return command;

        static (Device Device, string Name) Named(Device device) => (device, DeviceName.Of(device));
    }

    private static BenchResult Measure(Request request, (Device Device, string Name)[] devices, Work work)
    {
        // The inputs are tried on another model: the first call of the one that is timed is to be its first.
        using KerasModel model = Load(request, Device.Cpu, work);
        Tensor[] inputs = InputConversion.Fit(Inputs(request, model, work.Token), model.Graph.Inputs);
        var contestants = new List<Contestant>();
        try
        {
            foreach ((Device device, string name) in devices)
            {
                contestants.Add(new Contestant(name, device, d => Load(request, d, work), inputs));
            }

            IReadOnlyList<double[]> samples;
            using (Progress progress = work.Begin("rounds", request.Rounds))
            {
                samples = Turns.Samples([.. contestants.Select(c => c.Call)], request.Rounds, settle: contestants.Count > 1, () =>
                {
                    work.Token.ThrowIfCancellationRequested();
                    progress.Advance(1);
                });
            }

            double part = ComputedTolerance.PartFor(model, roundsWeights: devices.Any(d => d.Device is OpenClDevice { Options.Storage: DType.Float16 }));
            return new BenchResult(
                request.File,
                [.. inputs.Select((t, i) => (model.Inputs[i].Name, t.DType, t.Shape))],
                model.Weights.Sum(w => (long)w.Shape.ElementCount),
                model.Weights.Sum(w => (long)w.Shape.ElementCount * w.DType.Size()),
                CpuThreads.Count,
                request.Rounds,
                [.. contestants.Zip(samples, (c, s) => new BenchRun(c.Name, c.Hardware, c.Load, c.FirstCall, s, TimedCall.Allocated(c.Call), c.DeviceShare, c.DeviceBytes))],
                part,
                contestants is [var own, var other] ? Compared(model, own.Outputs, other.Outputs, part) : []);
        }
        finally
        {
            contestants.ForEach(c => c.Dispose());
        }
    }

    private static KerasModel Load(Request request, Device device, Work work)
    {
        using KerasFile file = work.Open(request.File, request.Weights);
        KerasModel model = work.Load(file, architectureWillDo: true, device);
        if (file.Weights is null)
        {
            MadeUpWeights.Fill(model);
        }

        return model;
    }

    private static Tensor[] Inputs(Request request, KerasModel model, CancellationToken cancellation)
    {
        if (request.Input is null)
        {
            return DrawnInputs.ThatFit(model, request.Batch, FixedShapes.Read(model, request.FixedShapes), cancellation);
        }

        if (request.FixedShapes.Count > 0)
        {
            throw new ArgumentException($"{FixedShapes.Name} is for drawn inputs: leave it or --input out.");
        }

        using IInputRows rows = InputRows.Open(request.Input, model.Inputs);
        return rows.Next(request.Batch) is { } found && found[0].Shape[0] == request.Batch
            ? found
            : throw new ArgumentException($"\"{request.Input}\" has fewer than the {request.Batch} rows of a call that --batch asks for.");
    }

    private static IReadOnlyList<ArrayComparison> Compared(KerasModel model, Tensor[] got, Tensor[] want, double part) =>
        [.. got.Zip(want, (g, w) => (g, w)).Select((pair, i) => ArrayComparison.Of(model.Outputs[i].Name, pair.g, pair.w, ComputedTolerance.Of(pair.w, part)))];

    /// <summary>What is asked for.</summary>
    private sealed record Request(string File, string? Weights, string? Input, int Batch, IReadOnlyList<string> FixedShapes, int Rounds);
}
