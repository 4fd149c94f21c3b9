using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;

namespace KerasCompat.Runtime;

/// <summary>What computes a model: the CPU unless told. Projects that bring another device add it as <c>Device.NAME</c>.</summary>
public abstract class Device
{
    /// <summary>This library's own executor. Always there.</summary>
    public static Device Cpu { get; } = new CpuDevice();

    /// <summary>The first GPU that OpenCL offers; the CPU where there is none.</summary>
    public static Device Auto => OpenClDevice.Devices.FirstOrDefault(d => d.Properties.IsGpu) ?? Cpu;

    /// <summary>A device of an OpenCL driver, of any maker.</summary>
    /// <param name="number">Its number in <see cref="List"/>, where GPUs stand first.</param>
    /// <exception cref="UnsupportedModelException">There is no such device, or no OpenCL library.</exception>
    public static Device OpenCl(int number = 0) => number >= 0 && number < OpenClDevice.Devices.Count
        ? OpenClDevice.Devices[number]
        : throw new UnsupportedModelException(
            $"opencl:{number}",
            OpenClDevice.Reason ?? $"{OpenClDevice.Devices.Count} OpenCL devices",
            "an OpenCL device of that number",
            "install the driver of the GPU's maker (or PoCL), or run on the CPU");

    /// <summary>A device of an OpenCL driver that keeps or computes models otherwise than the default.</summary>
    /// <param name="number">Its number in <see cref="List"/>, where GPUs stand first.</param>
    /// <param name="options">How.</param>
    /// <exception cref="UnsupportedModelException">There is no such device, no OpenCL library, or no CLBlast where <see cref="MatrixProducts.ClBlast"/> asks for it.</exception>
    /// <exception cref="ArgumentException"><see cref="OpenClOptions.Storage"/> is neither float32 nor float16.</exception>
    public static Device OpenCl(int number, OpenClOptions options) => ((OpenClDevice)OpenCl(number)).With(options);

    /// <summary>The devices of this machine: the CPU, and what OpenCL offers.</summary>
    public static IReadOnlyList<DeviceDescription> List() =>
    [
        new DeviceDescription("cpu", $"{Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}", "this library's executor", "CPU", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, true),
        .. OpenClDevice.Devices.Select(d => d.Description),
    ];

    /// <summary>The device's name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a graph ready to run.</summary>
    /// <exception cref="UnsupportedModelException">The device is not there, or lacks operators of the graph; every such thing is named.</exception>
    public abstract IExecutable Prepare(Graph graph);

    /// <summary>Makes a graph ready to run, unless the caller no longer wants it.</summary>
    /// <remarks>Asked before each rewriting of a node on the CPU; other devices finish what has begun.</remarks>
    /// <inheritdoc cref="Prepare(Graph)"/>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public virtual IExecutable Prepare(Graph graph, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Prepare(graph);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class CpuDevice : Device
    {
        public override string Name => "CPU";

        public override IExecutable Prepare(Graph graph) => new CpuExecutable(graph);

        public override IExecutable Prepare(Graph graph, CancellationToken cancellationToken) => new CpuExecutable(graph, cancellation: cancellationToken);
    }
}
