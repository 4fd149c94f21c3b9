using System.Collections.Concurrent;

namespace KerasCompat.Runtime.Cpu;

/// <summary>A graph made ready for inputs of given shapes: kernels in order, and a place for every buffer.</summary>
internal sealed unsafe class CpuPlan : ICpuPlanning
{
    private readonly Dictionary<Value, Slot> _slots = [];
    private readonly List<CpuKernel> _kernels = [];
    private readonly List<Node> _kernelNodes = [];
    private readonly MemoryPlan _memory = new();
    private readonly List<(int Slot, int Root)> _views = [];
    private readonly Dictionary<int, Value> _stored = [];
    private readonly List<(int Slot, int Length)> _texts = [];
    private readonly List<CpuNestedPlan> _nested = [];
    private readonly ConcurrentBag<CpuFrame> _frames = [];
    private readonly CpuStore _store;
    private readonly IReadOnlyList<(int Slot, long Offset)> _places;
    private readonly long _arenaBytes;
    private int _slotCount;
    private int _step;

    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The shapes of its inputs.</param>
    /// <param name="store">Values that no call changes.</param>
    /// <param name="cancellation">Asked before each node.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the graph's inputs.</exception>
    /// <exception cref="OperationCanceledException">The plan is no longer wanted.</exception>
    public CpuPlan(Graph graph, IReadOnlyList<Shape> inputs, CpuStore store, CancellationToken cancellation = default)
    {
        Graph = graph;
        _store = store;
        Symbols = SymbolBinding.Bind(graph.Inputs, inputs);
        ShapeCheck.Run(graph, Symbols);
        Inputs = [.. graph.Inputs.Select(i => Allocate(i))];
        States = [.. graph.States.Select(s => Allocate(s.Previous))];
        BindNodes(cancellation);
        Outputs = [.. graph.Outputs.Select(SlotOf)];
        NextStates = [.. graph.States.Select(s => SlotOf(s.Next))];
        (_places, _arenaBytes) = _memory.Place();
    }

    public Graph Graph { get; }

    /// <summary>The values of the symbols for these shapes.</summary>
    public IReadOnlyDictionary<string, int> Symbols { get; }

    public IReadOnlyList<Slot> Inputs { get; }

    public IReadOnlyList<Slot> Outputs { get; }

    public IReadOnlyList<Slot> States { get; }

    public IReadOnlyList<Slot> NextStates { get; }

    /// <summary>Bytes of memory for one running call, nested plans not counted.</summary>
    public long ArenaBytes => _arenaBytes;

    /// <summary>Number of kernels a call runs.</summary>
    public int KernelCount => _kernels.Count;

    /// <summary>The node each kernel computes, in the order of the kernels.</summary>
    public IReadOnlyList<Node> KernelNodes => _kernelNodes;

    /// <summary>A frame that nobody else uses; give it back when the call is over.</summary>
    public CpuFrame Rent() => _frames.TryTake(out CpuFrame? frame) ? frame : NewFrame();

    public void Return(CpuFrame frame) => _frames.Add(frame);

    /// <summary>Runs all kernels; the inputs lie in the frame already.</summary>
    public void Run(CpuFrame frame, CancellationToken cancellation = default)
    {
        foreach (CpuKernel kernel in _kernels)
        {
            cancellation.ThrowIfCancellationRequested();
            kernel(frame);
        }
    }

    /// <summary>Runs all kernels and takes the time of each.</summary>
    /// <param name="frame">Holds the inputs.</param>
    /// <param name="ticks">Takes each kernel's time in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    public void Run(CpuFrame frame, Span<long> ticks)
    {
        long before = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < _kernels.Count; i++)
        {
            _kernels[i](frame);
            long after = System.Diagnostics.Stopwatch.GetTimestamp();
            (ticks[i], before) = (after - before, after);
        }
    }

    public CpuFrame NewFrame()
    {
        var frame = new CpuFrame(_slotCount, _arenaBytes) { Children = [.. _nested.Select(n => n.Plan.NewFrame())] };
        foreach ((int slot, long offset) in _places)
        {
            frame.Place(slot, offset);
        }

        foreach ((int slot, int length) in _texts)
        {
            frame.Point(slot, new string[length]);
        }

        foreach ((int slot, Value value) in _stored)
        {
            if (value.DType == DType.String)
            {
                frame.Point(slot, _store.Keep(value).As<string>().Memory);
            }
            else
            {
                frame.Point(slot, _store.Address(value));
            }
        }

        foreach ((int slot, int root) in _views)
        {
            frame.Alias(slot, root);
        }

        return frame;
    }

    Slot ICpuPlanning.Workspace(DType dtype, int length)
    {
        _memory.Add(_slotCount, (long)length * dtype.Size(), _step, _step);
        return new Slot(_slotCount++, dtype, new Shape(length));
    }

    T ICpuPlanning.Shared<T>(object key, Func<T> make) => _store.Shared(key, make);

    CpuNestedPlan ICpuPlanning.Nest(Graph body, IReadOnlyList<Shape> inputs)
    {
        CpuStore store = _store.Shared(body, () => new CpuStore(body));
        var nested = new CpuNestedPlan(_nested.Count, new CpuPlan(body, inputs, store));
        _nested.Add(nested);
        return nested;
    }

    private void BindNodes(CancellationToken cancellation)
    {
        Node[] nodes = [.. Graph.Nodes.Where(n => !_store.Holds(n.Outputs[0]))];
        Dictionary<Value, int> lastUse = Lifetimes.LastUses(Graph, [.. nodes.Select(n => n.Inputs)], nodes.Length);
        for (_step = 0; _step < nodes.Length; _step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Node node = nodes[_step];
            if (node.Op.IsView)
            {
                Slot root = SlotOf(node.Inputs[0]!);
                var view = new Slot(_slotCount++, node.Outputs[0].DType, node.Outputs[0].Shape.Evaluate(Symbols));
                _views.Add((view.Index, root.Index));
                _slots.Add(node.Outputs[0], view);
                continue;
            }

            Slot?[] inputs = [.. node.Inputs.Select(i => i is null ? (Slot?)null : Named(i))];
            Slot[] outputs = [.. node.Outputs.Select(o => Allocate(o, lastUse.GetValueOrDefault(o, _step)))];
            var binding = new CpuBinding(inputs, outputs, [.. node.Inputs.Select(i => i is null ? null : _store.Input(i))], this);
            _kernelNodes.Add(node);
            _kernels.Add(CpuBinding.Bind(node.Op, binding));
            foreach (Value input in node.Inputs.Where((i, at) => i is not null && binding.Reads(at)).OfType<Value>())
            {
                SlotOf(input);
            }
        }
    }

    /// <summary>Where a value lies in a running call.</summary>
    private Slot SlotOf(Value value)
    {
        Slot slot = Named(value);
        if (_store.Holds(value))
        {
            _stored.TryAdd(slot.Index, value);
        }

        return slot;
    }

    /// <summary>The slot of a value; that of a stored one has no memory until a kernel is known to read it.</summary>
    private Slot Named(Value value)
    {
        if (!_slots.TryGetValue(value, out Slot slot))
        {
            if (!_store.Holds(value))
            {
                throw new InvalidOperationException($"{value} is read before it is computed.");
            }

            slot = new Slot(_slotCount++, value.DType, value.Shape.Evaluate(Symbols));
            _slots.Add(value, slot);
        }

        return slot;
    }

    /// <summary>A buffer that lives from before the first kernel to after the last.</summary>
    private Slot Allocate(Value value) => Allocate(value, int.MaxValue);

    private Slot Allocate(Value value, int lastUse)
    {
        var slot = new Slot(_slotCount++, value.DType, value.Shape.Evaluate(Symbols));
        _slots.Add(value, slot);
        if (value.DType == DType.String)
        {
            _texts.Add((slot.Index, slot.Length));
        }
        else
        {
            _memory.Add(slot.Index, (long)slot.Length * slot.DType.Size(), lastUse == int.MaxValue ? 0 : _step, lastUse);
        }

        return slot;
    }
}

/// <summary>The plan of a body graph inside another plan.</summary>
/// <param name="Number">Its place among the frame's children.</param>
/// <param name="Plan">The plan.</param>
internal sealed record CpuNestedPlan(int Number, CpuPlan Plan)
{
    /// <summary>The nested plan's memory in a running call.</summary>
    public CpuFrame In(CpuFrame frame) => frame.Children[Number];
}
