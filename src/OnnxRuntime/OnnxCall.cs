using System.Buffers;
using KerasCompat.Runtime;

namespace KerasCompat.OnnxRuntime;

/// <summary>
/// A call of a model with the same inputs again and again, made ready once: input and output values stay, so that a run costs what
/// ONNX Runtime itself takes and allocates nothing here.
/// </summary>
public sealed class OnnxCall : IDisposable
{
    private readonly OrtApi _api = OnnxRuntimeLibrary.Api;
    private readonly OnnxSession _session;
    private readonly List<MemoryHandle> _pins = [];
    private readonly nint[] _inputs;
    private readonly nint[] _outputs;

    internal OnnxCall(OnnxSession session, IReadOnlyList<Tensor> inputs)
    {
        _session = session;
        _inputs = new nint[inputs.Count];
        _outputs = new nint[session.OutputNames.Count];
        try
        {
            for (int i = 0; i < _inputs.Length; i++)
            {
                _inputs[i] = session.Give(inputs[i], _pins);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the model on what the inputs hold now. The first run makes the outputs; later ones write over them.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Run() => Run(CancellationToken.None);

    /// <summary>Runs the model until the caller no longer wants it: asked before each of ONNX Runtime's operators.</summary>
    /// <inheritdoc cref="Run()"/>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public void Run(CancellationToken cancellationToken) => _session.Run(_inputs, _outputs, cancellationToken);

    /// <summary>The outputs of the last run, copied, in the order of <see cref="OnnxSession.OutputNames"/>.</summary>
    public Tensor[] Outputs() => [.. _outputs.Select(_session.Take)];

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach([.. _inputs.Concat(_outputs).Where(v => v != 0)], _api.ReleaseValue);
        _pins.ForEach(p => p.Dispose());
        Array.Clear(_inputs);
        Array.Clear(_outputs);
        _pins.Clear();
    }
}
