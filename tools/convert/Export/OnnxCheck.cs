using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Export;

/// <summary>Runs a written ONNX file and compares it with the model it was made of, or with what Keras computed.</summary>
internal static class OnnxCheck
{
    /// <summary>Weights rounded to float16 change numbers by about this much of the largest.</summary>
    private const double RoundedWeights = 2e-2;

    /// <summary>Sums in another order change numbers by about this much of the largest; 16-bit types by more.</summary>
    private const double OtherOrder = 2e-5, HalfWidth = 1e-2;

    /// <summary>Differences found, one for each output of each call.</summary>
    public static IReadOnlyList<ArrayComparison> Run(KerasModel model, string path, ExportRequest request)
    {
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
                compared.AddRange(call.Outputs.Select((want, i) => ArrayComparison.Of(want.Name, got[i], want.Read(), ToleranceFor(want.Read(), model, request), want.Stride, want.FullShape)));
            }

            return compared;
        }

        foreach ((Tensor[] inputs, Tensor[] outputs) in new DrawnInputs(model, request.Onnx.FixedSizes).Calls(2))
        {
            run.Reset();
            Tensor[] got = run.Predict(inputs);
            compared.AddRange(outputs.Select((want, i) => ArrayComparison.Of($"{model.Outputs[i].Name} {want.Shape}", got[i], want, ToleranceFor(want, model, request))));
        }

        return compared;
    }

    private static Tolerance ToleranceFor(Tensor want, KerasModel model, ExportRequest request)
    {
        double part = request.Onnx.WeightType == DType.Float16 ? RoundedWeights
            : model.Graph.Nodes.Any(n => n.Outputs.Any(o => o.DType.IsHalfWidth())) ? HalfWidth
            : OtherOrder;
        double largest = want.DType == DType.String || want.Length == 0 ? 1 : want.Cast(DType.Float64).As<double>().ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new Tolerance(part * Math.Max(largest, 1e-3), part);
    }
}
