namespace KerasCompat.Runtime.OpenCl;

/// <summary>A state of a stateful layer in device memory.</summary>
internal sealed class ResidentState(OpenClContext context, DType dtype, Shape shape, OpenClCounters counters) : IResidentState
{
    private readonly DeviceBuffer _buffer = context.Allocate((long)shape.ElementCount * dtype.Size(), "a state");

    public OpenClContext Context => context;

    public DType DType => dtype;

    public Shape Shape => shape;

    public long Bytes => (long)shape.ElementCount * dtype.Size();

    /// <summary>OpenCL's handle.</summary>
    public nint Handle => _buffer.Handle;

    public Tensor Read()
    {
        Tensor tensor = Tensor.Zeros(dtype, shape);
        if (tensor.Length > 0)
        {
            nint queue = context.NewQueue();
            context.Api.Read(queue, _buffer.Handle, tensor.Bytes);
            context.Api.ReleaseQueue(queue);
            counters.Downloaded(Bytes);
        }

        return tensor;
    }

    public void Dispose() => _buffer.Dispose();
}
