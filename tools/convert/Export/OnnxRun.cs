using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;

namespace KerasCompat.Convert.Export;

/// <summary>A model's ONNX form in ONNX Runtime; states of stateful layers are carried from call to call.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly KerasModel _model;
    private readonly OnnxExecutable _executable;
    private readonly Dictionary<StateVariable, Tensor> _states = [];

    public OnnxRun(KerasModel model, OnnxModel onnx) =>
        (_model, _executable) = (model, new OnnxExecutable(model.Graph, new OnnxSession(onnx.ToBytes(), threads: 1)));

    /// <param name="model">The model.</param>
    /// <param name="path">Its ONNX file.</param>
    /// <param name="channelsFirstInputs">Whether the file takes images with the channels first.</param>
    public OnnxRun(KerasModel model, string path, bool channelsFirstInputs) =>
        (_model, _executable) = (model, new OnnxExecutable(model.Graph, new OnnxSession(path, threads: 1)) { ChannelsFirstInputs = channelsFirstInputs });

    /// <summary>Sets the states back to zeros.</summary>
    public void Reset() => _states.Clear();

    /// <summary>Predicts; inputs are fitted as <see cref="KerasModel.Predict(Tensor)"/> fits them.</summary>
    public Tensor[] Predict(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default) => _executable.Run(InputConversion.Fit(inputs, _model.Graph.Inputs), _states, cancellation);

    public void Dispose() => _executable.Dispose();
}
