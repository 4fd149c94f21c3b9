using System.Buffers;
using KerasCompat.Runtime;

namespace KerasCompat.OnnxRuntime;

/// <summary>An ONNX model in ONNX Runtime, on the CPU.</summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private static readonly Lazy<nint> Environment = new(() => OnnxRuntimeLibrary.Api.CreateEnv("KerasCompat"));
    private static readonly Lazy<nint> CpuMemory = new(() => OnnxRuntimeLibrary.Api.CreateCpuMemoryInfo());

    private readonly OrtApi _api = OnnxRuntimeLibrary.Api;
    private readonly OrtSession _session;

    /// <summary>Opens a model.</summary>
    /// <param name="model">The model's bytes.</param>
    /// <param name="threads">Number of threads; 0 for as many as there are cores.</param>
    /// <exception cref="UnsupportedModelException">The library is not there.</exception>
    /// <exception cref="OnnxRuntimeException">The library refuses the model.</exception>
    public OnnxSession(ReadOnlySpan<byte> model, int threads = 0)
    {
        nint options = Options(threads), session;
        try
        {
            session = _api.CreateSession(Environment.Value, model, options);
        }
        finally
        {
            _api.ReleaseSessionOptions(options);
        }

        (InputNames, OutputNames) = (_api.InputNames(session), _api.OutputNames(session));
        _session = new OrtSession(session, InputNames, OutputNames);
    }

    /// <summary>Opens a model's file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Number of threads; 0 for as many as there are cores.</param>
    /// <exception cref="UnsupportedModelException">The library is not there.</exception>
    /// <exception cref="OnnxRuntimeException">The library refuses the model.</exception>
    public OnnxSession(string path, int threads = 0)
    {
        nint options = Options(threads), session;
        try
        {
            session = _api.CreateSession(Environment.Value, path, options);
        }
        finally
        {
            _api.ReleaseSessionOptions(options);
        }

        (InputNames, OutputNames) = (_api.InputNames(session), _api.OutputNames(session));
        _session = new OrtSession(session, InputNames, OutputNames);
    }

    /// <summary>Names of the inputs.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>Names of the outputs.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">In the order of <see cref="InputNames"/>.</param>
    /// <returns>In the order of <see cref="OutputNames"/>.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public Tensor[] Run(params IReadOnlyList<Tensor> inputs)
    {
        using OnnxCall call = Prepare(inputs);
        call.Run();
        return call.Outputs();
    }

    /// <summary>Makes a call ready that will be run many times.</summary>
    /// <param name="inputs">In the order of <see cref="InputNames"/>; their memory is read at each run. Dispose of the call before the session.</param>
    public OnnxCall Prepare(params IReadOnlyList<Tensor> inputs) => new(this, inputs);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>Runs a model of one input and one output on the caller's memory; nothing is copied.</summary>
    internal void Run(ReadOnlySpan<byte> input, Shape shape, DType type, Span<byte> output, Shape outputShape, DType outputType)
    {
        Span<nint> values = [0, 0];
        fixed (byte* given = input, wanted = output)
        {
            try
            {
                values[0] = _api.CreateTensor(CpuMemory.Value, given, (nuint)input.Length, Sizes(shape), OrtElementType.Of(type));
                values[1] = _api.CreateTensor(CpuMemory.Value, wanted, (nuint)output.Length, Sizes(outputShape), OrtElementType.Of(outputType));
                Run(values[..1], values[1..]);
            }
            finally
            {
                foreach (nint value in values)
                {
                    if (value != 0)
                    {
                        _api.ReleaseValue(value);
                    }
                }
            }
        }
    }

    /// <summary>Runs on values of ONNX Runtime; outputs that are null are made.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    internal void Run(ReadOnlySpan<nint> values, Span<nint> outputs)
    {
        bool held = false;
        try
        {
            _session.DangerousAddRef(ref held);
            fixed (nint* given = _session.InputNames, wanted = _session.OutputNames)
            {
                _api.Run(_session.DangerousGetHandle(), given, values, wanted, outputs);
            }
        }
        finally
        {
            if (held)
            {
                _session.DangerousRelease();
            }
        }
    }

    private static long[] Sizes(Shape shape) => [.. shape.Select(d => (long)d)];

    private nint Options(int threads)
    {
        nint options = _api.CreateSessionOptions();
        _api.SetThreads(options, threads);
        return options;
    }

    internal nint Give(Tensor tensor, List<MemoryHandle> pins)
    {
        if (tensor is Tensor<string> texts)
        {
            return _api.CreateTexts(texts.Span, Sizes(tensor.Shape), OrtElementType.Of(DType.String));
        }

        MemoryHandle pin = tensor.Pin();
        pins.Add(pin);
        return _api.CreateTensor(CpuMemory.Value, pin.Pointer, (nuint)tensor.Bytes.Length, Sizes(tensor.Shape), OrtElementType.Of(tensor.DType));
    }

    internal Tensor Take(nint value)
    {
        (int type, long[] sizes) = _api.TypeAndShape(value);
        var shape = new Shape([.. sizes.Select(s => checked((int)s))]);
        DType dtype = OrtElementType.Read(type);
        return dtype == DType.String
            ? new Tensor<string>(Enumerable.Range(0, shape.ElementCount).Select(i => _api.Text(value, i)).ToArray(), shape)
            : Tensor.FromBytes(dtype, shape, new ReadOnlySpan<byte>(_api.Data(value), shape.ElementCount * dtype.Size()));
    }
}
