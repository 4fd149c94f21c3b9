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
    private readonly Dictionary<Value, Place> _places = [];
    private readonly List<PlanStep> _steps = [];
    private readonly MemoryPlan _deviceMemory, _hostMemory = new();
    private readonly Dictionary<int, long> _deviceBytes = [];
    private readonly List<(int Slot, DeviceBuffer Buffer)> _fixed = [];
    private readonly List<DeviceBuffer> _tables = [];
    private readonly List<(int Slot, Value Value)> _hostStored = [];
    private readonly List<(int Slot, int Length)> _texts = [];
    private readonly List<CpuNestedPlan> _hostNested = [];
    private readonly List<OpenClPlan> _nested = [];
    private readonly List<(string What, int Size)> _checks = [];
    private readonly Stack<OpenClFrame> _frames = [];
    private readonly Dictionary<string, int> _hostOps = new(StringComparer.Ordinal);
    private readonly OpenClStore _store;
    private readonly IReadOnlyList<(int Slot, long Offset)> _devicePlaces, _hostPlaces;
    private readonly long _hostBytes;
    private int _deviceSlots, _hostSlots, _step, _running;
    private Slot? _errors;
    private bool _disposed;

    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The inputs' shapes.</param>
    /// <param name="store">The stored values.</param>
    /// <param name="isNested">Whether the plan runs inside a step of another, which gives inputs and takes outputs on the device.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the graph's inputs.</exception>
    public OpenClPlan(Graph graph, IReadOnlyList<Shape> inputs, OpenClStore store, bool isNested = false)
    {
        Graph = graph;
        _store = store;
        _deviceMemory = new MemoryPlan(store.Context.Properties.Alignment);
        Symbols = SymbolBinding.Bind(graph.Inputs, inputs);
        ShapeCheck.Run(graph, Symbols);
        IReadOnlyList<FusedNodes> units = FusedNodes.Group(graph, [.. graph.Nodes.Where(n => !store.Host.Holds(n.Outputs[0]))], Symbols, Properties);
        Dictionary<Value, int> lastUses = LastUses(graph, units);
        foreach (Value input in graph.Inputs)
        {
            // The inputs of a nested plan are set once for all its runs.
            Place place = Define(input, isNested ? int.MaxValue : lastUses.GetValueOrDefault(input));
            if (isNested)
            {
                place.Device = NewDeviceSlot(place, 0);
            }
            else
            {
                place.Host = NewHostSlot();
            }
        }

        foreach (StateUpdate state in graph.States)
        {
            Place place = Define(state.Previous, lastUses.GetValueOrDefault(state.Previous));
            place.Device = NewDeviceSlot(place, 0);
        }

        for (_step = 0; _step < units.Count; _step++)
        {
            Bind(units[_step], lastUses);
        }

        Inputs = [.. graph.Inputs.Select(i => isNested ? DeviceSlot(i) : HostSlot(i))];
        States = [.. graph.States.Select(s => DeviceSlot(s.Previous))];
        NextStates = [.. graph.States.Select(s => DeviceSlot(s.Next))];
        Outputs = [.. graph.Outputs.Select(o => !isNested && OnHost(o) ? (HostSlot(o), false) : (DeviceSlot(o), true))];
        (_devicePlaces, DeviceBytes) = _deviceMemory.Place();
        (_hostPlaces, _hostBytes) = _hostMemory.Place();
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
    public long DeviceBytes { get; }

    /// <summary>How many operators a call runs on the device.</summary>
    public long DeviceOps { get; private set; }

    /// <summary>Those that a call runs on the CPU, by name.</summary>
    public IReadOnlyDictionary<string, int> HostOps => _hostOps;

    /// <summary>A frame that nobody else uses, to be given back when the call is over; null where the plan is disposed of.</summary>
    public OpenClFrame? TryRent()
    {
        lock (_frames)
        {
            if (_disposed)
            {
                return null;
            }

            _running++;
            if (_frames.TryPop(out OpenClFrame? frame))
            {
                return frame;
            }
        }

        try
        {
            return NewFrame(0);
        }
        catch
        {
            Ended(null);
            throw;
        }
    }

    public void Return(OpenClFrame frame) => Ended(frame);

    /// <summary>Runs all steps; the inputs and states lie in the frame already.</summary>
    public void Run(OpenClFrame frame, OpenClCounters counters)
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            _steps[i].Run(_store.Context, frame, i, counters);
        }
    }

    /// <summary>Throws what a kernel found wrong in the call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index was outside its axis.</exception>
    public void CheckErrors(OpenClFrame frame, OpenClCounters counters)
    {
        foreach ((OpenClPlan nested, OpenClFrame child) in _nested.Zip(frame.Children))
        {
            nested.CheckErrors(child, counters);
        }

        if (_errors is not { } slot)
        {
            return;
        }

        Span<long> found = stackalloc long[2];
        _store.Context.Api.Read(frame.Queue, frame.Buffers[slot.Index], MemoryMarshal.AsBytes(found));
        counters.Downloaded(2 * sizeof(long));
        if (found[0] != 0)
        {
            _store.Context.Api.Clear(frame.Queue, frame.Buffers[slot.Index], 2 * sizeof(long));
            (string what, int size) = _checks[(int)found[0] - 1];
            throw new ArgumentOutOfRangeException(what, $"Index {found[1]} is outside 0 to {size - 1}.");
        }
    }

    /// <summary>Frees the device's memory, after the calls that are running.</summary>
    public void Dispose()
    {
        lock (_frames)
        {
            _disposed = true;
            if (_running == 0)
            {
                Free();
            }
        }
    }

    Slot ICpuPlanning.Workspace(DType dtype, int length)
    {
        int slot = NewHostSlot();
        _hostMemory.Add(slot, (long)length * dtype.Size(), _step, _step);
        return new Slot(slot, dtype, new Shape(length));
    }

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
    internal Shape ShapeOf(Value value) => value.Shape.Evaluate(Symbols);

    /// <summary>A value on the device, copied there where it is not yet.</summary>
    internal Slot DeviceSlot(Value value)
    {
        Place place = PlaceOf(value);
        if (place.Device < 0)
        {
            if (place.Stored is { } stored)
            {
                place.Device = Fixed(_store.Buffer(stored));
            }
            else
            {
                place.Device = NewDeviceSlot(place, _step);
                _steps.Add(new UploadStep($"{value.Name ?? value.Producer?.ToString()} {value.Type}", HostSlot(value), new Slot(place.Device, value.DType, ShapeOf(value))));
            }
        }

        return new Slot(place.Device, value.DType, ShapeOf(value));
    }

    /// <summary>Where a value will be computed on the device.</summary>
    internal Slot OutputSlot(Value value)
    {
        Place place = PlaceOf(value);
        if (place.Device < 0)
        {
            place.Device = NewDeviceSlot(place, _step);
        }

        return new Slot(place.Device, value.DType, ShapeOf(value));
    }

    /// <summary>Device memory that is the kernel's while it runs.</summary>
    internal Slot DeviceWorkspace(DType dtype, int length)
    {
        int slot = _deviceSlots++;
        AddDevice(slot, (long)length * dtype.Size(), _step, _step);
        return new Slot(slot, dtype, new Shape(length));
    }

    /// <summary>Numbers that this plan's kernels look up.</summary>
    internal Slot Table<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        DeviceBuffer buffer = _store.Upload(MemoryMarshal.AsBytes(numbers));
        _tables.Add(buffer);
        return new Slot(Fixed(buffer), DTypes.Of<T>(), new Shape(numbers.Length));
    }

    /// <summary>Something made of constants, for all plans.</summary>
    internal Slot Shared(object key, DType dtype, Shape shape, Func<byte[]> bytes) => new(Fixed(_store.Shared(key, bytes)), dtype, shape);

    /// <summary>Where kernels note an index outside its axis, and the number under which they note it.</summary>
    internal (Slot Errors, int Number) Check(string what, int size)
    {
        if (_errors is null)
        {
            // Lives as long as the frame: a call after one that failed finds it cleared.
            int slot = _deviceSlots++;
            AddDevice(slot, 2 * sizeof(long), 0, int.MaxValue);
            _errors = new Slot(slot, DType.Int64, new Shape(2));
        }

        _checks.Add((what, size));
        return (_errors.Value, _checks.Count);
    }

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

    private void Ended(OpenClFrame? frame)
    {
        lock (_frames)
        {
            _running--;
            if (frame is not null)
            {
                _frames.Push(frame);
            }

            if (_disposed && _running == 0)
            {
                Free();
            }
        }
    }

    private void Free()
    {
        while (_frames.TryPop(out OpenClFrame? frame))
        {
            frame.Dispose();
        }

        _nested.ForEach(n => n.Dispose());
        _tables.ForEach(t => t.Dispose());
    }

    private OpenClFrame NewFrame(nint queue)
    {
        OpenClContext context = _store.Context;
        var host = new CpuFrame(_hostSlots, _hostBytes) { Children = [.. _hostNested.Select(n => n.Plan.NewFrame())] };
        foreach ((int slot, long offset) in _hostPlaces)
        {
            host.Place(slot, offset);
        }

        foreach ((int slot, int length) in _texts)
        {
            host.Point(slot, new string[length]);
        }

        foreach ((int slot, Value value) in _hostStored)
        {
            PointStored(host, slot, value);
        }

        var frame = new OpenClFrame(context, queue, _deviceSlots, DeviceBytes, _steps.Count, host);
        foreach ((int slot, long offset) in _devicePlaces)
        {
            frame.Place(slot, offset, _deviceBytes[slot]);
        }

        foreach ((int slot, DeviceBuffer buffer) in _fixed)
        {
            frame.Buffers[slot] = buffer.Handle;
        }

        frame.Children = [.. _nested.Select(n => n.NewFrame(frame.Queue))];
        for (int i = 0; i < _steps.Count; i++)
        {
            _steps[i].Prepare(context, frame, i);
        }

        if (_errors is { } errors)
        {
            context.Api.Clear(frame.Queue, frame.Buffers[errors.Index], 2 * sizeof(long));
        }

        return frame;
    }

    private unsafe void PointStored(CpuFrame host, int slot, Value value)
    {
        if (value.DType == DType.String)
        {
            host.Point(slot, _store.Host.Keep(value).As<string>().Memory);
        }
        else
        {
            host.Point(slot, _store.Host.Address(value));
        }
    }

    private void Bind(FusedNodes unit, Dictionary<Value, int> lastUses)
    {
        Node node = unit.Nodes[^1];
        if (node.Op.IsView)
        {
            _places.Add(node.Outputs[0], PlaceOf(node.Inputs[0]!));
            return;
        }

        foreach (Value output in node.Outputs)
        {
            Define(output, lastUses.GetValueOrDefault(output, _step));
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
        Slot?[] inputs = [.. node.Inputs.Select(i => i is null ? (Slot?)null : HostSlot(i))];
        StoredInput?[] constants = [.. node.Inputs.Select(i => i is null ? null : Constant(i))];
        foreach (Value output in node.Outputs)
        {
            Place place = PlaceOf(output);
            place.Host = NewHostSlot(place, ShapeOf(output));
        }

        Slot[] outputs = [.. node.Outputs.Select(HostSlot)];
        _steps.Add(new HostStep(text, CpuBinding.Bind(node.Op, new CpuBinding(inputs, outputs, constants, this))));
    }

    /// <summary>A value on the host, copied there where it is not yet.</summary>
    private Slot HostSlot(Value value)
    {
        Place place = PlaceOf(value);
        Shape shape = ShapeOf(value);
        if (place.Host < 0)
        {
            if (place.Stored is { } stored)
            {
                place.Host = NewHostSlot();
                _hostStored.Add((place.Host, stored));
            }
            else
            {
                place.Host = NewHostSlot(place, shape);
                _steps.Add(new DownloadStep($"{value.Name ?? value.Producer?.ToString()} {value.Type}", new Slot(place.Device, value.DType, shape), new Slot(place.Host, value.DType, shape)));
            }
        }

        return new Slot(place.Host, value.DType, shape);
    }

    private bool OnHost(Value value) => PlaceOf(value) is { Host: >= 0 } or { Stored: not null };

    private Place PlaceOf(Value value)
    {
        if (_places.TryGetValue(value, out Place? place))
        {
            return place;
        }

        if (!_store.Host.Holds(value))
        {
            throw new InvalidOperationException($"{value} is read before it is computed.");
        }

        place = new Place(value.DType, ShapeOf(value), int.MaxValue) { Stored = value };
        _places.Add(value, place);
        return place;
    }

    private Place Define(Value value, int lastUse)
    {
        var place = new Place(value.DType, ShapeOf(value), lastUse);
        _places.Add(value, place);
        return place;
    }

    private int NewHostSlot() => _hostSlots++;

    private int NewHostSlot(Place place, Shape shape)
    {
        int slot = _hostSlots++;
        if (place.DType == DType.String)
        {
            _texts.Add((slot, shape.ElementCount));
        }
        else
        {
            _hostMemory.Add(slot, (long)shape.ElementCount * place.DType.Size(), Math.Min(_step, place.LastUse), place.LastUse);
        }

        return slot;
    }

    private int NewDeviceSlot(Place place, int first)
    {
        int slot = _deviceSlots++;
        AddDevice(slot, (long)place.Shape.ElementCount * place.DType.Size(), Math.Min(first, place.LastUse), place.LastUse);
        return slot;
    }

    private void AddDevice(int slot, long bytes, int first, int last)
    {
        bytes = Math.Max(bytes, sizeof(long));
        _deviceBytes.Add(slot, bytes);
        _deviceMemory.Add(slot, bytes, first, last);
    }

    private int Fixed(DeviceBuffer buffer)
    {
        _fixed.Add((_deviceSlots, buffer));
        return _deviceSlots++;
    }

    private static bool IsText(Node node) => node.Inputs.Any(i => i?.DType == DType.String) || node.Outputs.Any(o => o.DType == DType.String);

    /// <summary>The last unit that reads each value, views followed to the value whose memory they share; outputs live for ever.</summary>
    private static Dictionary<Value, int> LastUses(Graph graph, IReadOnlyList<FusedNodes> units)
    {
        var last = new Dictionary<Value, int>();
        for (int step = 0; step < units.Count; step++)
        {
            foreach (Value input in units[step].Inputs)
            {
                Extend(input, step);
            }
        }

        foreach (Value output in graph.Outputs.Concat(graph.States.Select(s => s.Next)))
        {
            Extend(output, int.MaxValue);
        }

        return last;

        void Extend(Value? value, int step)
        {
            for (; value is not null; value = value.Producer is { Op.IsView: true } view ? view.Inputs[0] : null)
            {
                last[value] = Math.Max(step, last.GetValueOrDefault(value));
            }
        }
    }

    /// <summary>Where a value lies; shared by all reshapes of it.</summary>
    private sealed class Place(DType dtype, Shape shape, int lastUse)
    {
        public DType DType => dtype;

        public Shape Shape => shape;

        public int LastUse => lastUse;

        /// <summary>The slot on the device, or -1.</summary>
        public int Device { get; set; } = -1;

        /// <summary>The slot on the host, or -1.</summary>
        public int Host { get; set; } = -1;

        /// <summary>The value, where no call changes it.</summary>
        public Value? Stored { get; init; }
    }
}
