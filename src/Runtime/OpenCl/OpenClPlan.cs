using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>A graph made ready for inputs of given shapes on a device: steps in order, and a place for every buffer on the device and on the host.</summary>
/// <remarks>
/// An operator that has a kernel runs on the device; the others run on the CPU in the same plan, and the values they share are copied
/// once each way. Reshapes are other names of the same memory.
/// </remarks>
internal sealed class OpenClPlan : ICpuPlanning, IDisposable
{
    private readonly ValuePlaces _places;
    private readonly List<PlanStep> _steps = [];
    private readonly List<DeviceBuffer> _tables = [];
    private readonly List<CpuNestedPlan> _hostNested = [];
    private readonly List<OpenClPlan> _nested = [];
    private readonly Dictionary<string, int> _hostOps = new(StringComparer.Ordinal);
    private readonly IndexChecks _checks;
    private readonly FramePool _frames;
    private readonly OpenClStore _store;

    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The inputs' shapes.</param>
    /// <param name="store">The stored values.</param>
    /// <param name="isNested">Whether the plan runs inside a step of another, which gives inputs and takes outputs on the device.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the graph's inputs.</exception>
    public OpenClPlan(Graph graph, IReadOnlyList<Shape> inputs, OpenClStore store, bool isNested = false)
    {
        Graph = graph;
        _store = store;
        Symbols = SymbolBinding.Bind(graph.Inputs, inputs);
        ShapeCheck.Run(graph, Symbols);
        _places = new ValuePlaces(Symbols, store, _steps);
        _checks = new IndexChecks(_places.Device);
        _frames = new FramePool(() => NewFrame(0), Free);
        IReadOnlyList<FusedNodes> units = FusedNodes.Group(graph, [.. graph.Nodes.Where(n => !store.Host.Holds(n.Outputs[0]))], Symbols, Properties);
        Dictionary<Value, int> lastUses = Lifetimes.LastUses(graph, [.. units.Select(u => u.Inputs)], int.MaxValue);
        DefineGiven(isNested, lastUses);
        for (int i = 0; i < units.Count; i++)
        {
            _places.Step = i;
            Bind(units[i], lastUses);
        }

        _places.Step = units.Count;
        Inputs = [.. graph.Inputs.Select(i => isNested ? DeviceSlot(i) : _places.OnHost(i))];
        States = [.. graph.States.Select(s => DeviceSlot(s.Previous))];
        NextStates = [.. graph.States.Select(s => DeviceSlot(s.Next))];
        Outputs = [.. graph.Outputs.Select(o => !isNested && _places.IsOnHost(o) ? (_places.OnHost(o), false) : (DeviceSlot(o), true))];
        _places.Device.Place();
        _places.Host.Place();
    }

    public Graph Graph { get; }

    public IReadOnlyDictionary<string, int> Symbols { get; }

    public OpenClOptions Options => _store.Options;

    public DeviceProperties Properties => _store.Context.Properties;

    /// <summary>Where the inputs lie: on the host, or on the device in a nested plan.</summary>
    public IReadOnlyList<Slot> Inputs { get; }

    /// <summary>Where the outputs lie.</summary>
    public IReadOnlyList<(Slot Slot, bool OnDevice)> Outputs { get; }

    /// <summary>The states before the call, on the device.</summary>
    public IReadOnlyList<Slot> States { get; }

    /// <summary>The states after the call, on the device.</summary>
    public IReadOnlyList<Slot> NextStates { get; }

    /// <summary>The steps of a call.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>Bytes of device memory that a running call holds, nested plans not counted.</summary>
    public long DeviceBytes => _places.Device.Bytes;

    /// <summary>How many operators a call runs on the device.</summary>
    public long DeviceOps { get; private set; }

    /// <summary>Those that a call runs on the CPU, by name.</summary>
    public IReadOnlyDictionary<string, int> HostOps => _hostOps;

    /// <summary>A frame that nobody else uses, to be given back when the call is over; null where the plan is disposed of.</summary>
    public OpenClFrame? TryRent() => _frames.TryRent();

    public void Return(OpenClFrame frame) => _frames.Return(frame);

    /// <summary>Runs all steps; the inputs and states lie in the frame already.</summary>
    /// <exception cref="OperationCanceledException">The frame's <see cref="OpenClFrame.Pace"/> says so.</exception>
    public void Run(OpenClFrame frame, OpenClCounters counters)
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            frame.Pace?.Next();
            _steps[i].Run(_store.Context, frame, i, counters);
        }
    }

    /// <summary>Waits for what a stopped call has begun, and forgets what its kernels found wrong.</summary>
    public void Abandon(OpenClFrame frame)
    {
        foreach ((OpenClPlan nested, OpenClFrame child) in _nested.Zip(frame.Children))
        {
            nested.Abandon(child);
        }

        _checks.Clear(_store.Context, frame);
        _store.Context.Api.Finish(frame.Queue);
    }

    /// <summary>Throws what a kernel found wrong in the call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index was outside its axis.</exception>
    public void CheckErrors(OpenClFrame frame, OpenClCounters counters)
    {
        foreach ((OpenClPlan nested, OpenClFrame child) in _nested.Zip(frame.Children))
        {
            nested.CheckErrors(child, counters);
        }

        _checks.ThrowIfFailed(_store.Context, frame, counters);
    }

    /// <summary>Frees the device's memory, after the calls that are running.</summary>
    public void Dispose() => _frames.Dispose();

    Slot ICpuPlanning.Workspace(DType dtype, int length) =>
        new(_places.Host.Add(dtype, length, _places.Step, _places.Step), dtype, new Shape(length));

    T ICpuPlanning.Shared<T>(object key, Func<T> make) => _store.Host.Shared(key, make);

    CpuNestedPlan ICpuPlanning.Nest(Graph body, IReadOnlyList<Shape> inputs)
    {
        CpuStore store = _store.Host.Shared(body, () => new CpuStore(body));
        var nested = new CpuNestedPlan(_hostNested.Count, new CpuPlan(body, inputs, store));
        _hostNested.Add(nested);
        return nested;
    }

    /// <summary>A value that no call changes, else null.</summary>
    internal StoredInput? Constant(Value value) => _store.Host.Input(value);

    /// <summary>The shape of a value in this plan.</summary>
    internal Shape ShapeOf(Value value) => _places.ShapeOf(value);

    /// <summary>A value on the device, copied there where it is not yet.</summary>
    internal Slot DeviceSlot(Value value) => _places.OnDevice(value);

    /// <summary>Where a value will be computed on the device.</summary>
    internal Slot OutputSlot(Value value) => _places.WrittenOnDevice(value);

    /// <summary>Device memory that is the kernel's while it runs.</summary>
    internal Slot DeviceWorkspace(DType dtype, int length) =>
        new(_places.Device.Add(dtype, length, _places.Step, _places.Step), dtype, new Shape(length));

    /// <summary>Numbers that this plan's kernels look up.</summary>
    internal Slot Table<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        DeviceBuffer buffer = _store.Upload(MemoryMarshal.AsBytes(numbers));
        _tables.Add(buffer);
        return new Slot(_places.Device.AddFixed(buffer), DTypes.Of<T>(), new Shape(numbers.Length));
    }

    /// <summary>Something made of constants, for all plans.</summary>
    internal Slot Shared(object key, DType dtype, Shape shape, Func<byte[]> bytes) => new(_places.Device.AddFixed(_store.Shared(key, bytes)), dtype, shape);

    /// <summary>Where kernels note an index outside its axis, and the number under which they note it.</summary>
    internal (Slot Errors, int Number) Check(string what, int size) => _checks.Add(what, size);

    /// <summary>CLBlast, where it is to compute the product of a node that it can compute.</summary>
    internal ClBlastApi? ClBlastFor(Node node) => Options.Products switch
    {
        MatrixProducts.Own => null,
        MatrixProducts.ClBlast => ClBlastLibrary.Api,
        _ => ClBlastLibrary.Api is { } library && _store.Context.Races.ClBlastWins(node, [.. node.Inputs.Select(i => i is null ? null : (Shape?)ShapeOf(i))], [.. node.Inputs.Select(i => i is null ? null : Constant(i))], Options)
            ? library
            : null,
    };

    internal void Add(PlanStep step) => _steps.Add(step);

    /// <summary>A plan for a body graph with inputs of these shapes, run inside a step of this one.</summary>
    internal (int Number, OpenClPlan Plan) NestOnDevice(Graph body, IReadOnlyList<Shape> inputs, int repetitions)
    {
        var nested = new OpenClPlan(body, inputs, _store.Nested(body), isNested: true);
        _nested.Add(nested);
        DeviceOps += nested.DeviceOps * repetitions;
        foreach ((string name, int count) in nested.HostOps)
        {
            _hostOps[name] = _hostOps.GetValueOrDefault(name) + (count * repetitions);
        }

        return (_nested.Count - 1, nested);
    }

    /// <summary>Takes in what a call is given: inputs on the host, or on the device in a nested plan; states on the device.</summary>
    private void DefineGiven(bool isNested, Dictionary<Value, int> lastUses)
    {
        foreach (Value input in Graph.Inputs)
        {
            // The inputs of a nested plan are set once for all its runs.
            _places.Define(input, isNested ? int.MaxValue : lastUses.GetValueOrDefault(input));
            if (isNested)
            {
                _places.WrittenOnDevice(input);
            }
            else
            {
                _places.GivenOnHost(input);
            }
        }

        foreach (StateUpdate state in Graph.States)
        {
            _places.Define(state.Previous, lastUses.GetValueOrDefault(state.Previous));
            _places.WrittenOnDevice(state.Previous);
        }
    }

    private void Free()
    {
        _nested.ForEach(n => n.Dispose());
        _tables.ForEach(t => t.Dispose());
    }

    private OpenClFrame NewFrame(nint queue)
    {
        OpenClContext context = _store.Context;
        CpuFrame host = _places.Host.NewFrame([.. _hostNested.Select(n => n.Plan.NewFrame())]);
        OpenClFrame frame = _places.Device.NewFrame(context, queue, _steps.Count, host);
        frame.Children = [.. _nested.Select(n => n.NewFrame(frame.Queue))];
        for (int i = 0; i < _steps.Count; i++)
        {
            _steps[i].Prepare(context, frame, i);
        }

        _checks.Clear(context, frame);
        return frame;
    }

    private void Bind(FusedNodes unit, Dictionary<Value, int> lastUses)
    {
        Node node = unit.Nodes[^1];
        if (node.Op.IsView)
        {
            _places.DefineView(node.Outputs[0], node.Inputs[0]!);
            return;
        }

        foreach (Value output in node.Outputs)
        {
            _places.Define(output, lastUses.GetValueOrDefault(output, _places.Step));
        }

        string text = string.Join(" · ", unit.Nodes.Select(n => n.ToString()));
        if (unit.IsElementwise)
        {
            ElementwiseKernel.Bind(unit, this, text);
            DeviceOps += unit.Nodes.Count;
        }
        else if (!IsText(node) && DeviceKernels.TryBind(node, this, text))
        {
            DeviceOps++;
        }
        else
        {
            BindOnHost(node, text);
            _hostOps[node.Op.Name] = _hostOps.GetValueOrDefault(node.Op.Name) + 1;
        }
    }

    private void BindOnHost(Node node, string text)
    {
        Slot?[] inputs = [.. node.Inputs.Select(i => i is null ? (Slot?)null : _places.OnHost(i))];
        StoredInput?[] constants = [.. node.Inputs.Select(i => i is null ? null : Constant(i))];
        Slot[] outputs = [.. node.Outputs.Select(_places.WrittenOnHost)];
        _steps.Add(new HostStep(text, CpuBinding.Bind(node.Op, new CpuBinding(inputs, outputs, constants, this))));
    }

    private static bool IsText(Node node) => node.Inputs.Any(i => i?.DType == DType.String) || node.Outputs.Any(o => o.DType == DType.String);
}
