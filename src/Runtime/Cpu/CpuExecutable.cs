using System.Collections.Concurrent;
using System.Diagnostics;

namespace KerasCompat.Runtime.Cpu;

/// <summary>Runs a graph on the CPU. Plans are made for the shapes of a call and kept; safe to call from many threads.</summary>
internal sealed class CpuExecutable : IExecutable
{
    /// <summary>Plans kept: a text model meets many lengths, and each plan holds its activations' memory.</summary>
    private const int MostPlans = 64;

    private readonly ConcurrentDictionary<ShapeKey, CpuPlan> _plans = new();
    private readonly Graph _graph;
    private readonly CpuStore _store;
    private CpuPlan? _last;

    /// <param name="graph">The graph.</param>
    /// <param name="optimize">Whether the passes over the graph run first.</param>
    /// <param name="cancellation">Asked before each node.</param>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public CpuExecutable(Graph graph, bool optimize = true, CancellationToken cancellation = default)
    {
        _graph = optimize ? GraphPasses.Optimize(graph, cancellation) : graph;
        _store = new CpuStore(_graph);
    }

    /// <inheritdoc/>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states = null) => Run(inputs, states, CancellationToken.None);

    /// <inheritdoc/>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellation)
    {
        CheckTypes(_graph, inputs);
        return _graph.HasDynamicShapes ? CpuInterpreter.Run(_graph, _store, inputs, states, cancellation) : RunPlanned(inputs, states, cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>Allocates nothing once the plan is made.</remarks>
    public void Run(ReadOnlySpan<byte> input, Shape shape, Span<byte> output, IDictionary<StateVariable, Tensor>? states = null)
    {
        CpuPlan plan = PlanFor(shape);
        CpuFrame frame = plan.Rent();
        try
        {
            Span<byte> target = frame.Bytes(plan.Inputs[0]);
            Span<byte> result = frame.Bytes(plan.Outputs[0]);
            if (input.Length != target.Length || output.Length != result.Length)
            {
                throw new ArgumentException($"Input {shape} takes {target.Length} bytes and output {plan.Outputs[0].Shape} gives {result.Length}; found {input.Length} and {output.Length}.");
            }

            input.CopyTo(target);
            LoadStates(frame, plan, states);
            plan.Run(frame);
            result.CopyTo(output);
            StoreStates(frame, plan, states);
        }
        finally
        {
            plan.Return(frame);
        }
    }

    /// <summary>Measures what each kernel of a call takes: its fastest time over several calls, after one that warms up.</summary>
    /// <param name="inputs">One tensor for each graph input; states begin from zeros.</param>
    /// <param name="longest">No further call is begun after this time.</param>
    /// <param name="cancellation">Asked before each call.</param>
    /// <returns>Nodes and seconds in the order of execution; nothing for a graph in which elements decide shapes, which has no plan.</returns>
    /// <exception cref="ArgumentException">Shapes or types do not fit.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public IReadOnlyList<(Node Node, double Seconds)> Profile(IReadOnlyList<Tensor> inputs, TimeSpan longest, CancellationToken cancellation = default)
    {
        if (_graph.HasDynamicShapes)
        {
            return [];
        }

        RunPlanned(inputs, null, cancellation);
        CpuPlan plan = Plan([.. inputs.Select(t => t.Shape)]);
        long[] fastest = new long[plan.KernelCount], ticks = new long[plan.KernelCount];
        Array.Fill(fastest, long.MaxValue);
        CpuFrame frame = plan.Rent();
        try
        {
            long start = Stopwatch.GetTimestamp();
            do
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < inputs.Count; i++)
                {
                    Load(frame, plan.Inputs[i], inputs[i]);
                }

                LoadStates(frame, plan, null);
                plan.Run(frame, ticks);
                for (int i = 0; i < ticks.Length; i++)
                {
                    fastest[i] = Math.Min(fastest[i], ticks[i]);
                }
            }
            while (Stopwatch.GetElapsedTime(start) < longest);
        }
        finally
        {
            plan.Return(frame);
        }

        return [.. plan.KernelNodes.Zip(fastest, (node, time) => (node, time / (double)Stopwatch.Frequency))];
    }

    /// <summary>Nothing to give back: plans are managed memory.</summary>
    public void Dispose()
    {
    }

    /// <summary>The plan for inputs of these shapes.</summary>
    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each node.</exception>
    public CpuPlan Plan(IReadOnlyList<Shape> inputs, CancellationToken cancellation = default)
    {
        var key = new ShapeKey([.. inputs]);
        if (_plans.TryGetValue(key, out CpuPlan? plan))
        {
            return plan;
        }

        if (_plans.Count >= MostPlans)
        {
            _plans.Clear();
        }

        return _plans.GetOrAdd(key, k => new CpuPlan(_graph, k.Shapes, _store, cancellation));
    }

    /// <summary>The plan for one input, without a look into the dictionary where the last call had the same shape.</summary>
    private CpuPlan PlanFor(Shape shape)
    {
        CpuPlan? last = _last;
        return last is not null && last.Inputs.Count == 1 && last.Inputs[0].Shape == shape ? last : _last = Plan([shape]);
    }

    private Tensor[] RunPlanned(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellation)
    {
        CpuPlan plan = Plan([.. inputs.Select(t => t.Shape)], cancellation);
        CpuFrame frame = plan.Rent();
        try
        {
            for (int i = 0; i < inputs.Count; i++)
            {
                Load(frame, plan.Inputs[i], inputs[i]);
            }

            LoadStates(frame, plan, states);
            plan.Run(frame, cancellation);
            StoreStates(frame, plan, states);
            return [.. plan.Outputs.Select(slot => Store(frame, slot))];
        }
        finally
        {
            plan.Return(frame);
        }
    }

    private static void Load(CpuFrame frame, Slot slot, Tensor tensor)
    {
        if (tensor is Tensor<string> text)
        {
            text.Span.CopyTo(frame.Texts(slot));
        }
        else
        {
            tensor.Bytes.CopyTo(frame.Bytes(slot));
        }
    }

    private void LoadStates(CpuFrame frame, CpuPlan plan, IDictionary<StateVariable, Tensor>? states)
    {
        for (int i = 0; i < plan.States.Count; i++)
        {
            LoadState(frame, plan.States[i], _graph.States[i].Variable, states);
        }
    }

    /// <summary>Keeps what the next call will read, in the tensors of the last call where they fit.</summary>
    private void StoreStates(CpuFrame frame, CpuPlan plan, IDictionary<StateVariable, Tensor>? states)
    {
        for (int i = 0; i < plan.NextStates.Count && states is not null; i++)
        {
            StateVariable variable = _graph.States[i].Variable;
            Slot slot = plan.NextStates[i];
            if (states.TryGetValue(variable, out Tensor? kept) && kept.Shape == slot.Shape)
            {
                frame.Bytes(slot).CopyTo(kept.Bytes);
            }
            else
            {
                states[variable] = Store(frame, slot);
            }
        }
    }

    private static void LoadState(CpuFrame frame, Slot slot, StateVariable variable, IDictionary<StateVariable, Tensor>? states)
    {
        if (states is null || !states.TryGetValue(variable, out Tensor? state))
        {
            frame.Bytes(slot).Clear();
            return;
        }

        if (state.Shape != slot.Shape)
        {
            throw StateMismatch(variable, state.Shape, slot.Shape);
        }

        Load(frame, slot, state);
    }

    private static Tensor Store(CpuFrame frame, Slot slot)
    {
        Tensor tensor = Tensor.Zeros(slot.DType, slot.Shape);
        if (tensor is Tensor<string> text)
        {
            frame.Texts(slot).CopyTo(text.Span);
        }
        else
        {
            frame.Bytes(slot).CopyTo(tensor.Bytes);
        }

        return tensor;
    }

    /// <summary>The exception for a state that another batch size left.</summary>
    internal static ArgumentException StateMismatch(StateVariable variable, Shape found, Shape expected) =>
        new($"State \"{variable.Name}\" has shape {found} from an earlier call; this call needs {expected}. Reset the states, or keep the batch size.");

    /// <exception cref="ArgumentException">An input's type is not the graph's.</exception>
    internal static void CheckTypes(Graph graph, IReadOnlyList<Tensor> inputs)
    {
        for (int i = 0; i < Math.Min(inputs.Count, graph.Inputs.Count); i++)
        {
            if (inputs[i].DType != graph.Inputs[i].DType)
            {
                throw new ArgumentException($"Input \"{graph.Inputs[i].Name}\" holds {inputs[i].DType.Name()}; expected {graph.Inputs[i].DType.Name()}.");
            }
        }
    }
}
