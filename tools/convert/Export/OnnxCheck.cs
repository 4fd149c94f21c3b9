using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Export;

/// <summary>Runs a written ONNX file and compares it with the model it was made of, or with what Keras computed.</summary>
internal static class OnnxCheck
{
    /// <summary>Differences found, one for each output of each call.</summary>
    public static IReadOnlyList<ArrayComparison> Run(KerasModel model, string path, ExportRequest request)
    {
        double part = ComputedTolerance.PartFor(model, request);
        var compared = new List<ArrayComparison>();
        using var run = new OnnxRun(model, path, request.Onnx.ChannelsFirstInputs);
        if (request.Vectors is not null)
        {
            using VectorsFile vectors = VectorsFile.Open(request.Vectors);
            foreach (VectorsCall call in vectors.Calls)
            {
                if (vectors.ForgetsStates)
                {
                    run.Reset();
                }

                Tensor[] got = run.Predict([.. call.Inputs.Select(i => i.Read())]);
                compared.AddRange(call.Outputs.Select((want, i) => ArrayComparison.Of(want.Name, got[i], want.Read(), ComputedTolerance.Of(want.Read(), part), want.Stride, want.FullShape)));
            }

            return compared;
        }

        foreach ((Tensor[] inputs, Tensor[] outputs) in new DrawnInputs(model, request.Onnx.FixedSizes).Calls(2))
        {
            run.Reset();
            Tensor[] got = run.Predict(inputs);
            compared.AddRange(outputs.Select((want, i) => ArrayComparison.Of($"{model.Outputs[i].Name} {want.Shape}", got[i], want, ComputedTolerance.Of(want, part))));
        }

        return compared;
    }
}
