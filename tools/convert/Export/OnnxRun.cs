using KerasCompat.Onnx;
using KerasCompat.Onnx.Export;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;

namespace KerasCompat.Convert.Export;

/// <summary>A model's ONNX form in ONNX Runtime; states of stateful layers are carried from call to call.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly KerasModel _model;
    private readonly OnnxSession _session;
    private readonly Dictionary<StateVariable, Tensor> _states = [];

    public OnnxRun(KerasModel model, OnnxModel onnx)
    {
        _model = model;
        _session = new OnnxSession(onnx.ToBytes(), threads: 1);
    }

    public OnnxRun(KerasModel model, string path)
    {
        _model = model;
        _session = new OnnxSession(path, threads: 1);
    }

    /// <summary>Whether the file takes images with the channels first.</summary>
    public bool ChannelsFirstInputs { get; init; }

    /// <summary>Sets the states back to zeros.</summary>
    public void Reset() => _states.Clear();

    /// <summary>Predicts; inputs are fitted as <see cref="KerasModel.Predict(Tensor)"/> fits them.</summary>
    public Tensor[] Predict(IReadOnlyList<Tensor> inputs)
    {
        Graph graph = _model.Graph;
        Tensor[] fitted = InputConversion.Fit(inputs, graph.Inputs);
        var symbols = new Dictionary<string, int>();
        for (int i = 0; i < fitted.Length; i++)
        {
            for (int axis = 0; axis < fitted[i].Shape.Rank; axis++)
            {
                if (graph.Inputs[i].Shape[axis].SymbolName is { } symbol)
                {
                    symbols.TryAdd(symbol, fitted[i].Shape[axis]);
                }
            }
        }

        Tensor[] states = [.. graph.States.Select(s => _states.GetValueOrDefault(s.Variable) ?? Tensor.Zeros(s.Variable.DType, s.Variable.Shape.Evaluate(symbols)))];
        Tensor[] given = [.. fitted.Select(t => ChannelsFirstInputs && t.Shape.Rank == 4 ? Arrangement.Transpose(t, AxisOrder.ChannelsFirst(4)) : t)];
        Tensor[] results = _session.Run([.. given, .. states]);
        for (int i = 0; i < states.Length; i++)
        {
            _states[graph.States[i].Variable] = results[graph.Outputs.Count + i];
        }

        return results[..graph.Outputs.Count];
    }

    public void Dispose() => _session.Dispose();
}
