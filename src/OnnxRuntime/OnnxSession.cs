using System.Buffers;
using KerasCompat.Runtime;

namespace KerasCompat.OnnxRuntime;

/// <summary>An ONNX model in ONNX Runtime, on the CPU.</summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private static readonly Lazy<nint> Environment = new(CreateEnvironment);
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
    public Tensor[] Run(params IReadOnlyList<Tensor> inputs) => Run(inputs, CancellationToken.None);

    /// <summary>Runs the model until the caller no longer wants it: asked before each of ONNX Runtime's operators.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Tensor})"/>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellationToken)
    {
        using OnnxCall call = Prepare(inputs);
        call.Run(cancellationToken);
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
                Run(values[..1], values[1..], CancellationToken.None);
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
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    internal void Run(ReadOnlySpan<nint> values, Span<nint> outputs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool held = false;
        nint options = 0;
        CancellationTokenRegistration asked = default;
        try
        {
            _session.DangerousAddRef(ref held);
            if (cancellation.CanBeCanceled)
            {
                options = _api.CreateRunOptions();
                (OrtApi api, nint ended) = (_api, options);
                asked = cancellation.UnsafeRegister(_ => api.Terminate(ended), null);
            }

            fixed (nint* given = _session.InputNames, wanted = _session.OutputNames)
            {
                _api.Run(_session.DangerousGetHandle(), options, given, values, wanted, outputs);
            }
        }
        catch (OnnxRuntimeException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        finally
        {
            // Waits for a request that is just being passed on, so that the options are there until it is.
            asked.Dispose();
            if (options != 0)
            {
                _api.ReleaseRunOptions(options);
            }

            if (held)
            {
                _session.DangerousRelease();
            }
        }
    }

    /// <summary>The library's environment, its telemetry off; what that began with in the temporary folder – a log that stays empty, a number for the user – is put away.</summary>
    private static nint CreateEnvironment()
    {
        string[] begun = [.. new[] { $"mat-debug-{System.Environment.ProcessId}.log", ".ses" }.Select(name => Path.Combine(Path.GetTempPath(), name)).Where(file => !File.Exists(file))];
        nint environment = OnnxRuntimeLibrary.Api.CreateEnv("KerasCompat");
        OnnxRuntimeLibrary.Api.DisableTelemetry(environment);
        foreach (string file in begun)
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A system that deletes no open file keeps it.
            }
        }

        return environment;
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
