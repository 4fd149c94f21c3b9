using KerasCompat.Runtime;

namespace KerasCompat.Convert.Export;

/// <summary>Drawn inputs and what the model gave for them, kept in a file's metadata so that anyone can replay them: an <c>.npz</c> in base64.</summary>
internal static class SelfCheck
{
    /// <summary>The key under which it stands.</summary>
    public const string Key = "self_check_npz";

    /// <summary>Members are <c>0/in/NAME</c> and <c>0/out/NAME</c> for the first call, and so on.</summary>
    public static string Make(KerasModel model, ExportRequest request)
    {
        var members = new List<KeyValuePair<string, Tensor>>();
        foreach ((int call, (Tensor[] inputs, Tensor[] outputs)) in new DrawnInputs(model, request.Onnx.FixedSizes, seed: 2).Calls(request.SelfChecks).Index())
        {
            members.AddRange(inputs.Select((t, i) => KeyValuePair.Create($"{call}/in/{model.Inputs[i].Name}", t)));
            members.AddRange(outputs.Select((t, i) => KeyValuePair.Create($"{call}/out/{i}/{model.Outputs[i].Name}", t)));
        }

        using var stream = new MemoryStream();
        Npz.Write(stream, members);
        return System.Convert.ToBase64String(stream.ToArray());
    }
}
