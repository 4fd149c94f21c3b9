using System.Buffers;
using System.Collections.Concurrent;

namespace KerasCompat.Runtime.Cpu;

/// <summary>What all plans of a graph share: values that no call changes, and what was made of them.</summary>
/// <remarks>
/// It belongs to one setting of the weights; weights set later need a new one. A value that is only packed for kernels is computed when it
/// is packed, and then dropped: what a model holds is what its kernels read.
/// </remarks>
internal sealed class CpuStore
{
    /// <summary>Results up to this many bytes are kept when they have been computed, so that nothing is computed over and over.</summary>
    private const int Small = 1 << 14;

    private readonly List<Node> _nodes = [];
    private readonly Dictionary<Value, int> _computedBy = [];
    private readonly ConcurrentDictionary<object, Lazy<object>> _shared = new();
    private readonly ConcurrentDictionary<Value, Tensor> _kept = new();
    private readonly Dictionary<Value, MemoryHandle> _pins = [];
    private readonly bool _once;
    private static readonly Dictionary<string, int> NoSymbols = [];

    /// <param name="graph">The graph.</param>
    /// <param name="once">Whether the store is for one call, so that nothing may be kept in the form that its kernels take.</param>
    public CpuStore(Graph graph, bool once = false)
    {
        _once = once;
        foreach (Node node in graph.Nodes)
        {
            if (!node.Op.IsDynamic && node.Inputs.All(i => i is null || Holds(i)) && node.Outputs.All(o => o.Shape.IsConstant))
            {
                foreach (Value output in node.Outputs)
                {
                    _computedBy.Add(output, _nodes.Count);
                }

                _nodes.Add(node);
            }
        }
    }

    ~CpuStore()
    {
        foreach (MemoryHandle pin in _pins.Values)
        {
            pin.Dispose();
        }
    }

    /// <summary>True for a value that no call changes.</summary>
    public bool Holds(Value value) => value.IsStored || _computedBy.ContainsKey(value);

    /// <summary>The elements of a value that no call changes, for use now: they may be computed again for the next who asks.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scratch">Has the memory, where they are not at hand.</param>
    public Tensor Read(Value value, ScratchTensors scratch) => Known(value, scratch) ?? Compute(value, scratch);

    /// <summary>The elements of a value that no call changes, kept as long as the store lives.</summary>
    public Tensor Keep(Value value)
    {
        if (_kept.TryGetValue(value, out Tensor? kept))
        {
            return kept;
        }

        using var scratch = new ScratchTensors();
        return _kept.GetOrAdd(value, value.Constant ?? WeightOf(value)?.Value.Reshape(value.Shape.Evaluate(NoSymbols)) ?? Compute(value, scratch).Clone());
    }

    /// <summary>The value as an operator's input, which reads it if it needs to; null where a call decides it.</summary>
    public StoredInput? Input(Value value) =>
        Holds(value) ? new StoredInput(value, value.DType, value.Shape.Evaluate(NoSymbols), scratch => Read(value, scratch)) { Weight = _once ? null : WeightOf(value) } : null;

    /// <summary>Something made of stored values, made once.</summary>
    public T Shared<T>(object key, Func<T> make)
        where T : class => (T)_shared.GetOrAdd(key, _ => new Lazy<object>(make)).Value;

    /// <summary>Where the elements of a value lie; they stay there as long as the store lives.</summary>
    public unsafe void* Address(Value value)
    {
        Tensor tensor = Keep(value);
        lock (_pins)
        {
            if (!_pins.TryGetValue(value, out MemoryHandle pin))
            {
                pin = tensor.Pin();
                _pins.Add(value, pin);
            }

            return pin.Pointer;
        }
    }

    /// <summary>The weight whose elements a value is, perhaps under another shape.</summary>
    private static Weight? WeightOf(Value value)
    {
        while (value.Producer is { Op.IsView: true } view)
        {
            value = view.Inputs[0]!;
        }

        return value.Weight;
    }

    /// <summary>The elements where they are at hand.</summary>
    private Tensor? Known(Value value, ScratchTensors scratch) =>
        _kept.TryGetValue(value, out Tensor? kept) ? kept : value.Constant ?? value.Weight?.Read(scratch).Elements;

    /// <summary>Runs the nodes that a value needs, in the graph's order.</summary>
    private Tensor Compute(Value value, ScratchTensors scratch)
    {
        var needed = new SortedSet<int>();
        var open = new Stack<Value>([value]);
        while (open.TryPop(out Value? next))
        {
            if (_computedBy.TryGetValue(next, out int node) && !_kept.ContainsKey(next) && needed.Add(node))
            {
                Array.ForEach([.. _nodes[node].Inputs.OfType<Value>()], open.Push);
            }
        }

        var results = new Dictionary<Value, Tensor>();
        foreach (Node node in needed.Select(n => _nodes[n]))
        {
            Tensor?[] inputs = [.. node.Inputs.Select(i => i is null ? null : results.GetValueOrDefault(i) ?? Known(i, scratch))];
            Tensor[] outputs = NodeRunner.Run(node.Op, inputs, [.. node.Outputs.Select(o => o.Type)], scratch);
            for (int i = 0; i < outputs.Length; i++)
            {
                results[node.Outputs[i]] = outputs[i];
                if (outputs[i].DType != DType.String && outputs[i].Bytes.Length <= Small)
                {
                    _kept.TryAdd(node.Outputs[i], outputs[i].Clone());
                }
            }
        }

        return results[value];
    }
}
