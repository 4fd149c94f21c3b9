using System.Buffers;
using System.Collections.Concurrent;

namespace KerasCompat.Runtime.Cpu;

/// <summary>What all plans of a graph share: values that no call changes, and what was made of them.</summary>
/// <remarks>Taken when it is made: a store belongs to one setting of the weights, and weights set later need a new one.</remarks>
internal sealed class CpuStore
{
    private readonly Dictionary<Value, Tensor> _stored = [];
    private readonly ConcurrentDictionary<object, Lazy<object>> _shared = new();
    private readonly ConcurrentDictionary<Tensor, MemoryHandle> _pins = new();
    private static readonly Dictionary<string, int> NoSymbols = [];

    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each node.</exception>
    public CpuStore(Graph graph, CancellationToken cancellation = default)
    {
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (node.Op.IsDynamic || node.Inputs.Any(i => i is not null && !TryGet(i, out _)) || node.Outputs.Any(o => !o.Shape.IsConstant))
            {
                continue;
            }

            Tensor?[] inputs = [.. node.Inputs.Select(i => i is not null && TryGet(i, out Tensor? t) ? t : null)];
            Tensor[] outputs = NodeRunner.Run(node.Op, inputs, [.. node.Outputs.Select(o => o.Type)]);
            for (int i = 0; i < outputs.Length; i++)
            {
                _stored.Add(node.Outputs[i], outputs[i]);
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

    /// <summary>The elements of a value that no call changes.</summary>
    public bool TryGet(Value value, out Tensor tensor)
    {
        if (value.Constant is { } constant)
        {
            tensor = constant;
            return true;
        }

        if (value.Weight is { } weight)
        {
            tensor = weight.Value;
            return true;
        }

        return _stored.TryGetValue(value, out tensor!);
    }

    /// <summary>Something made of stored values, made once.</summary>
    public T Shared<T>(object key, Func<T> make)
        where T : class => (T)_shared.GetOrAdd(key, _ => new Lazy<object>(make)).Value;

    /// <summary>Where a stored tensor lies; it stays there as long as the store lives.</summary>
    public unsafe void* Address(Tensor tensor) => _pins.GetOrAdd(tensor, t => t.Pin()).Pointer;
}
