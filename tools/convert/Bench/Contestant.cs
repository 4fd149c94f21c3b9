using System.Diagnostics;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;

namespace KerasCompat.Convert.Bench;

/// <summary>A model on a device, loaded and called once.</summary>
internal sealed class Contestant : IDisposable
{
    private readonly KerasModel _model;

    /// <param name="name">The device's name for <c>--device</c>.</param>
    /// <param name="device">The device.</param>
    /// <param name="load">Loads the model for it.</param>
    /// <param name="inputs">The inputs of every call.</param>
    public Contestant(string name, Device device, Func<Device, KerasModel> load, Tensor[] inputs)
    {
        Name = name;
        Hardware = device is OpenClDevice openCl ? openCl.Description.Hardware : null;
        var watch = Stopwatch.StartNew();
        _model = load(device);
        Load = watch.Elapsed;
        OpenClCounters? counters = (device as OpenClDevice)?.Context.Counters;
        (long onDevice, long onHost, long bytes) = (counters?.DeviceOps ?? 0, counters?.HostOps ?? 0, BytesOn(device) ?? 0);
        watch.Restart();
        Outputs = _model.Predict(inputs, new RecurrentState());
        FirstCall = watch.Elapsed;
        (onDevice, onHost) = (counters?.DeviceOps - onDevice ?? 0, counters?.HostOps - onHost ?? 0);
        DeviceShare = onDevice + onHost > 0 ? (double)onDevice / (onDevice + onHost) : null;
        DeviceBytes = BytesOn(device) - bytes;
        Call = TimedCall.Of(_model, inputs, Outputs);
    }

    /// <summary>The device's name for <c>--device</c>.</summary>
    public string Name { get; }

    /// <summary>The maker's name of a device that OpenCL offers, else null.</summary>
    public string? Hardware { get; }

    /// <summary>Reading the file and building the graph.</summary>
    public TimeSpan Load { get; }

    /// <summary>The first call, with all that is done once: the plan, packed or copied weights, compiled kernels.</summary>
    public TimeSpan FirstCall { get; }

    /// <summary>What the first call gave.</summary>
    public Tensor[] Outputs { get; }

    /// <summary>The operators of a call that ran on the device, of all; null where everything is the CPU's.</summary>
    public double? DeviceShare { get; }

    /// <summary>Bytes of device memory that weights and a call hold; null where everything is the CPU's.</summary>
    public long? DeviceBytes { get; }

    /// <summary>A call to be timed.</summary>
    public Action Call { get; }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static long? BytesOn(Device device) => (device as OpenClDevice)?.Context.BytesInUse;
}
