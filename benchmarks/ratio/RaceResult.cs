using KerasCompat.Convert.Bench;
using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;
using KerasCompat.Verification;

namespace KerasCompat.Ratio;

/// <summary>One race at one number of threads.</summary>
/// <param name="Race">What ran.</param>
/// <param name="Threads">The threads each had.</param>
/// <param name="Ours">Median microseconds of a call of the CPU executor.</param>
/// <param name="Theirs">Median microseconds of a call of ONNX Runtime.</param>
/// <param name="Bytes">Managed bytes that a call of the CPU executor allocates.</param>
/// <param name="Difference">The largest difference of the outputs, in units of what <see cref="Allowed"/> allows; null where the networks differ.</param>
/// <param name="OnDevice">Median microseconds of a call on the device, whose outputs are compared too; null where none was asked for.</param>
internal sealed record RaceResult(Race Race, int Threads, double Ours, double Theirs, long Bytes, double? Difference, double? OnDevice)
{
    /// <summary>Two executors that both round to float32 may differ by so much after hundreds of layers.</summary>
    private static readonly Tolerance Allowed = new(1e-4, 1e-3);

    public double Ratio => Theirs / Ours;

    public bool ReachesGoal => Ratio >= Race.Goal;

    public static RaceResult Run(Race race, int threads, int rounds, Device? device)
    {
        CpuThreads.Count = threads;
        using KerasModel model = race.Net.Load();
        Tensor[] inputs = [.. race.Inputs.Select((dims, i) => race.Net.Input(i, new Shape(dims), race.Kept))];
        using OnnxSession session = Export(race.PeerNet, model, inputs, threads);
        using OnnxCall theirs = session.Prepare([.. inputs, .. model.Graph.States.Select(s => Tensor.Zeros(s.Previous.DType, StateShape(s, model, inputs)))]);
        theirs.Run();
        Tensor[] outputs = model.Predict(inputs);
        double? difference = race.PeerNet is null ? Largest(outputs, theirs.Outputs()) : null;
        Action ours = TimedCall.Of(model, inputs, outputs);
        (double our, double their) = Medians(ours, theirs.Run, rounds, threads);
        long bytes = TimedCall.Allocated(ours);
        if (device is null)
        {
            return new RaceResult(race, threads, our, their, bytes, difference, null);
        }

        using KerasModel other = race.Net.Load(device);
        Tensor[] others = other.Predict(inputs, new RecurrentState());
        difference = Math.Max(difference ?? 0, Largest(others, model.Predict(inputs, new RecurrentState())));
        return new RaceResult(race, threads, our, their, bytes, difference, Medians(TimedCall.Of(other, inputs, others), ours, rounds, threads).First);
    }

    private static (double First, double Second) Medians(Action first, Action second, int rounds, int threads)
    {
        IReadOnlyList<double[]> samples = Turns.Samples([first, second], rounds, settle: threads > 1);
        return (Turns.Median(samples[0]), Turns.Median(samples[1]));
    }

    /// <summary>The file that <c>convert</c> writes, with all sizes fixed: what the peer can fold, it may fold.</summary>
    private static OnnxSession Export(Net? net, KerasModel model, Tensor[] inputs, int threads)
    {
        using KerasModel? other = net?.Load();
        Graph graph = (other ?? model).Graph;
        var options = new OnnxExportOptions { FixedSizes = SymbolBinding.Bind(graph.Inputs, [.. inputs.Select(i => i.Shape)]) };
        return new OnnxSession(OnnxExporter.Export(graph, options).ToBytes(), threads);
    }

    private static Shape StateShape(StateUpdate state, KerasModel model, Tensor[] inputs) =>
        state.Previous.Shape.Evaluate(SymbolBinding.Bind(model.Graph.Inputs, [.. inputs.Select(i => i.Shape)]));

    private static double Largest(Tensor[] ours, Tensor[] theirs) => ours.Zip(theirs).SelectMany(pair =>
        pair.First.As<float>().ToArray().Zip(pair.Second.As<float>().ToArray(), (a, b) => Math.Abs((double)a - b) / (Allowed.Absolute + (Allowed.Relative * Math.Abs(b))))).Max();
}
