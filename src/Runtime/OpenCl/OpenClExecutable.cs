using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>Runs a graph on an OpenCL device. Plans are made for the shapes of a call and kept; each running call has a queue and memory of its own.</summary>
internal sealed class OpenClExecutable : IExecutable
{
    /// <summary>Plans kept: each holds its activations' memory on the device.</summary>
    private const int MostPlans = 16;

    private readonly ConcurrentDictionary<ShapeKey, OpenClPlan> _plans = new();
    private readonly ConditionalWeakTable<StateTensors, object> _states = [];
    private readonly Lock _planning = new();
    private readonly Graph _graph;
    private readonly OpenClContext _context;
    private readonly OpenClStore _store;
    private bool _disposed;

    /// <param name="graph">The graph.</param>
    /// <param name="context">The device.</param>
    /// <param name="options">How the graph is kept and computed; null for the default.</param>
    /// <exception cref="ResourceLimitException">The weights are larger than the device's memory.</exception>
    public OpenClExecutable(Graph graph, OpenClContext context, OpenClOptions? options = null)
    {
        _context = context;
        _graph = GraphPasses.Optimize(graph);
        _store = new OpenClStore(_graph, context, options ?? new OpenClOptions());
        Counters = new OpenClCounters(context.Counters);
    }

    /// <summary>What this executable did.</summary>
    public OpenClCounters Counters { get; }

    /// <inheritdoc/>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states = null) => Run(inputs, states, CancellationToken.None);

    /// <inheritdoc/>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CpuExecutable.CheckTypes(_graph, inputs);
        if (_graph.HasDynamicShapes)
        {
            // Elements decide shapes: no plan can be made, and the host must see every value anyway.
            Tensor[] results = CpuInterpreter.Run(_graph, _store.Host, inputs, states, cancellationToken);
            Counters.Ran(0, _graph.Nodes.Where(n => !n.Op.IsView).CountBy(n => n.Op.Name).ToDictionary(StringComparer.Ordinal));
            return results;
        }

        (OpenClPlan plan, OpenClFrame frame) = Rent([.. inputs.Select(t => t.Shape)]);
        var pins = new List<MemoryHandle>();
        try
        {
            for (int i = 0; i < inputs.Count; i++)
            {
                pins.AddRange(NodeRunner.Point(frame.Host, plan.Inputs[i].Index, inputs[i]));
            }

            Run(plan, frame, states, cancellationToken);
            return [.. plan.Outputs.Select(o => Take(frame, o.Slot, o.OnDevice))];
        }
        finally
        {
            pins.ForEach(p => p.Dispose());
            plan.Return(frame);
        }
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<byte> input, Shape shape, Span<byte> output, IDictionary<StateVariable, Tensor>? states = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        (OpenClPlan plan, OpenClFrame frame) = Rent([shape]);
        try
        {
            Run(plan, frame, input, shape, output, states);
        }
        finally
        {
            plan.Return(frame);
        }
    }

    private unsafe void Run(OpenClPlan plan, OpenClFrame frame, ReadOnlySpan<byte> input, Shape shape, Span<byte> output, IDictionary<StateVariable, Tensor>? states)
    {
        (Slot result, bool onDevice) = plan.Outputs[0];
        int inputBytes = plan.Inputs[0].Length * plan.Inputs[0].DType.Size(), outputBytes = result.Length * result.DType.Size();
        if (input.Length != inputBytes || output.Length != outputBytes)
        {
            throw new ArgumentException($"Input {shape} takes {inputBytes} bytes and output {result.Shape} gives {outputBytes}; found {input.Length} and {output.Length}.");
        }

        fixed (byte* start = input)
        {
            frame.Host.Point(plan.Inputs[0].Index, start);
            Run(plan, frame, states, CancellationToken.None);
        }

        Take(frame, result, onDevice, output);
    }

    /// <summary>The plan for inputs of these shapes.</summary>
    public OpenClPlan Plan(IReadOnlyList<Shape> inputs)
    {
        var key = new ShapeKey([.. inputs]);
        if (_plans.TryGetValue(key, out OpenClPlan? plan))
        {
            return plan;
        }

        lock (_planning)
        {
            if (_plans.Count >= MostPlans)
            {
                DropPlans();
            }

            return _plans.GetOrAdd(key, k => new OpenClPlan(_graph, k.Shapes, _store));
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach ((StateTensors states, _) in _states)
        {
            states.OnHost();
        }

        DropPlans();
        _store.Dispose();
    }

    /// <summary>The plan for inputs of these shapes and a frame of it.</summary>
    private (OpenClPlan Plan, OpenClFrame Frame) Rent(Shape[] inputs)
    {
        while (true)
        {
            // Between the two another caller may have dropped the plan.
            OpenClPlan plan = Plan(inputs);
            if (plan.TryRent() is { } frame)
            {
                return (plan, frame);
            }
        }
    }

    private void DropPlans()
    {
        foreach (ShapeKey key in _plans.Keys)
        {
            if (_plans.TryRemove(key, out OpenClPlan? plan))
            {
                plan.Dispose();
            }
        }
    }

    private void Run(OpenClPlan plan, OpenClFrame frame, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellation)
    {
        for (int i = 0; i < plan.States.Count; i++)
        {
            LoadState(frame, plan.States[i], _graph.States[i].Variable, states);
        }

        RunSteps(plan, frame, cancellation);
        Counters.Ran(plan.DeviceOps, plan.HostOps);
        plan.CheckErrors(frame, Counters);
        for (int i = 0; i < plan.NextStates.Count && states is not null; i++)
        {
            StoreState(frame, plan.NextStates[i], _graph.States[i].Variable, states);
        }

        if (plan.NextStates.Count > 0 || plan.Outputs.All(o => !o.OnDevice))
        {
            _context.Api.Finish(frame.Queue);
        }
    }

    private void RunSteps(OpenClPlan plan, OpenClFrame frame, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
        {
            plan.Run(frame, Counters);
            return;
        }

        using var pace = new CallPace(_context.Api, frame.Queue, cancellation);
        frame.Pace = pace;
        try
        {
            plan.Run(frame, Counters);
        }
        catch (OperationCanceledException)
        {
            plan.Abandon(frame);
            throw;
        }
        finally
        {
            frame.Pace = null;
        }
    }

    private void LoadState(OpenClFrame frame, Slot slot, StateVariable variable, IDictionary<StateVariable, Tensor>? states)
    {
        nint target = frame.Buffers[slot.Index];
        long bytes = (long)slot.Length * slot.DType.Size();
        ResidentState? resident = (states as StateTensors)?.Resident(variable) as ResidentState;
        Tensor? kept = null;
        if (resident?.Context != _context)
        {
            resident = null;
            states?.TryGetValue(variable, out kept);
        }

        if ((resident?.Shape ?? kept?.Shape) is { } shape && shape != slot.Shape)
        {
            throw CpuExecutable.StateMismatch(variable, shape, slot.Shape);
        }

        if (bytes == 0)
        {
            return;
        }

        if (resident is not null)
        {
            _context.Api.Copy(frame.Queue, resident.Handle, 0, target, 0, bytes);
        }
        else if (kept is not null)
        {
            _context.Api.Write(frame.Queue, target, kept.Bytes);
            Counters.Uploaded(bytes);
        }
        else
        {
            _context.Api.Clear(frame.Queue, target, bytes);
        }
    }

    /// <summary>Keeps what the next call will read: on the device where the caller's states can be there.</summary>
    private void StoreState(OpenClFrame frame, Slot slot, StateVariable variable, IDictionary<StateVariable, Tensor> states)
    {
        if (states is not StateTensors own)
        {
            states[variable] = Take(frame, slot, onDevice: true);
            return;
        }

        if (own.Resident(variable) is not ResidentState resident || resident.Context != _context || resident.Shape != slot.Shape)
        {
            resident = new ResidentState(_context, slot.DType, slot.Shape, Counters);
            own.SetResident(variable, resident);
            _states.TryAdd(own, this);
        }

        if (slot.Length > 0)
        {
            _context.Api.Copy(frame.Queue, frame.Buffers[slot.Index], 0, resident.Handle, 0, resident.Bytes);
        }
    }

    private Tensor Take(OpenClFrame frame, Slot slot, bool onDevice)
    {
        Tensor tensor = Tensor.Zeros(slot.DType, slot.Shape);
        if (tensor is Tensor<string> text)
        {
            frame.Host.Texts(slot).CopyTo(text.Span);
        }
        else
        {
            Take(frame, slot, onDevice, tensor.Bytes);
        }

        return tensor;
    }

    private void Take(OpenClFrame frame, Slot slot, bool onDevice, Span<byte> target)
    {
        if (!onDevice)
        {
            frame.Host.Bytes(slot).CopyTo(target);
        }
        else if (target.Length > 0)
        {
            _context.Api.Read(frame.Queue, frame.Buffers[slot.Index], target);
            Counters.Downloaded(target.Length);
        }
    }
}
