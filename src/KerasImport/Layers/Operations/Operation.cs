using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>An op node of a functional model: <c>x + y</c>, <c>ops.mean(x)</c>. It has no weights and drops masks.</summary>
internal sealed class Operation : Layer
{
    private readonly Func<OperationCall, Structure> _lower;

    public Operation(LayerConfig config)
        : base(config)
    {
        _lower = OperationTable.Operations.TryGetValue(config.ClassName, out Func<OperationCall, Structure>? lower)
            ? lower
            : throw new UnsupportedModelException([new Problem(
                config.Place,
                $"operation {config.ClassName}",
                "an operation of keras.ops",
                $"rebuild that part with other operations (SUPPORTED.md lists them), or bind it as a layer: LoadOptions.CustomLayers[\"{config.ClassName}\"] = config => …",
                KerasVersions.Of(config.ClassName, config.Factory.KerasVersion))]);
        PythonOperations.Check(config);
        TensorFlowFunctions.Check(config);

        // A lowering reads its parameters when the operation is called, and the call checks that all were read.
        config.Ignore([.. ((JObject?)config.Json["config"] ?? []).Properties().Select(p => p.Name)]);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call)
    {
        var operation = new OperationCall(call, Config);
        Structure result = _lower(operation);
        operation.CheckAllRead();
        return result;
    }
}
