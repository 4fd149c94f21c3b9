using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>What all plans of a graph share on a device: stored values, uploaded once, and what was made of them.</summary>
internal sealed class OpenClStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, DeviceBuffer> _buffers = [];
    private readonly Dictionary<Graph, OpenClStore> _nested = [];
    private readonly nint _queue;

    /// <exception cref="ResourceLimitException">The weights are larger than the device's memory.</exception>
    public OpenClStore(Graph graph, OpenClContext context, OpenClOptions options)
    {
        // Of vectors none is kept in another type than its own.
        long bytes = graph.Nodes.SelectMany(n => n.Inputs).Distinct().Sum(v => v?.Weight is { } w ? (long)w.Shape.ElementCount * (w.Shape.Rank > 1 ? StoredType(w.DType, options) : w.DType).Size() : 0);
        if (bytes > context.Properties.MemoryBytes)
        {
            throw new ResourceLimitException(
                context.Properties.Name, $"a model with {bytes:N0} bytes of weights", $"at most the {context.Properties.MemoryBytes:N0} bytes of the device's memory", "run it on the CPU");
        }

        Host = new CpuStore(graph);
        Context = context;
        Options = options;
        _queue = context.NewQueue();
    }

    /// <summary>The stored values on the host, for operators that run there.</summary>
    public CpuStore Host { get; }

    public OpenClContext Context { get; }

    public OpenClOptions Options { get; }

    /// <summary>The type in which the weights of products and tables are kept, of those that this type may be kept in.</summary>
    public static DType StoredType(DType type, OpenClOptions options) => type == DType.Float32 ? options.Storage : type;

    /// <summary>A store for the body of a node of the graph that this store is of.</summary>
    public OpenClStore Nested(Graph body)
    {
        lock (_lock)
        {
            if (!_nested.TryGetValue(body, out OpenClStore? store))
            {
                store = new OpenClStore(body, Context, Options);
                _nested.Add(body, store);
            }

            return store;
        }
    }

    /// <summary>A stored value on the device.</summary>
    public DeviceBuffer Buffer(Value value)
    {
        lock (_lock)
        {
            if (!_buffers.TryGetValue(value, out DeviceBuffer? buffer))
            {
                using var scratch = new ScratchTensors();
                buffer = Upload(Host.Read(value, scratch).Bytes);
                _buffers.Add(value, buffer);
            }

            return buffer;
        }
    }

    /// <summary>Something made of constants, such as packed weights: made once for all plans.</summary>
    /// <param name="key">What identifies it.</param>
    /// <param name="bytes">Makes its bytes.</param>
    public DeviceBuffer Shared(object key, Func<byte[]> bytes)
    {
        lock (_lock)
        {
            if (!_buffers.TryGetValue(key, out DeviceBuffer? buffer))
            {
                buffer = Upload(bytes());
                _buffers.Add(key, buffer);
            }

            return buffer;
        }
    }

    /// <summary>A buffer of the caller's.</summary>
    public DeviceBuffer Upload(ReadOnlySpan<byte> bytes)
    {
        DeviceBuffer buffer = Context.Allocate(bytes.Length, "weights");
        lock (_lock)
        {
            if (bytes.Length > 0)
            {
                Context.Api.Write(_queue, buffer.Handle, bytes);
            }
        }

        return buffer;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (DeviceBuffer buffer in _buffers.Values)
            {
                buffer.Dispose();
            }

            foreach (OpenClStore store in _nested.Values)
            {
                store.Dispose();
            }

            _buffers.Clear();
            _nested.Clear();
            Context.Api.ReleaseQueue(_queue);
        }
    }
}
