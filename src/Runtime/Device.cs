using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>What computes a model: the CPU unless told. Projects that bring another device add it as <c>Device.NAME</c>.</summary>
public abstract class Device
{
    /// <summary>This library's own executor. Always there.</summary>
    public static Device Cpu { get; } = new CpuDevice();

    /// <summary>The device's name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a graph ready to run.</summary>
    /// <exception cref="UnsupportedModelException">The device is not there, or lacks operators of the graph; every such thing is named.</exception>
    public abstract IExecutable Prepare(Graph graph);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class CpuDevice : Device
    {
        public override string Name => "CPU";

        public override IExecutable Prepare(Graph graph) => new CpuExecutable(graph);
    }
}
