using KerasCompat.Convert.Output;
using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Export;

/// <summary>
/// Drawn inputs and what the model gave for them, kept in a file's metadata so that anyone can replay them: an <c>.npz</c> in base64 whose
/// members are <c>0/in/0/NAME</c> and <c>0/out/0/NAME</c> for the first call, and so on, as the file itself takes and gives them.
/// </summary>
internal static class SelfCheck
{
    /// <summary>The key under which it stands.</summary>
    public const string Key = "self_check_npz";

    /// <summary>The member that says how close outputs must come, as a part of the largest number of each.</summary>
    private const string Tolerance = "tolerance";

    private const int Seed = 2;

    /// <summary>For an ONNX file: inputs in its order of axes, states of stateful layers as zeros.</summary>
    public static string Of(KerasModel model, OnnxModel onnx, ExportRequest request, Work work) =>
        Write(Calls(model, request, work), onnx.InputNames, onnx.OutputNames, request.SelfChecks, ComputedTolerance.PartFor(model, request), inputs => OnnxExecutable.Inputs(model.Graph, inputs, request.Onnx.ChannelsFirstInputs));

    /// <summary>For a file of weights, read back as a model.</summary>
    public static string Of(KerasModel model, ExportRequest request, Work work) =>
        Write(Calls(model, request, work), [.. model.Inputs.Select(i => i.Name)], [.. model.Outputs.Select(o => o.Name)], request.SelfChecks, ComputedTolerance.PartFor(model, request), inputs => inputs);

    /// <summary>Runs what stands in a file's metadata and compares.</summary>
    /// <param name="place">The file, for messages.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="run">Computes the outputs of inputs.</param>
    /// <exception cref="ModelFormatException">There is no self check, or a damaged one.</exception>
    public static IReadOnlyList<ArrayComparison> Replay(string place, IReadOnlyDictionary<string, string> metadata, Func<Tensor[], Tensor[]> run)
    {
        if (!metadata.TryGetValue(Key, out string? text))
        {
            throw new ModelFormatException(place, "no self check", $"drawn inputs with their outputs under \"{Key}\"", "write the file with --self-check N, or name a vectors file");
        }

        byte[] bytes = new byte[text.Length];
        if (!System.Convert.TryFromBase64String(text, bytes, out int length))
        {
            throw new ModelFormatException($"{place}:{Key}", "no base64", "an .npz in base64");
        }

        using Npz members = Npz.Open(new MemoryStream(bytes, 0, length), $"{place}:{Key}");
        double part = Number(members, place);
        var compared = new List<ArrayComparison>();
        for (int call = 0; Side(members, $"{call}/in/") is { Length: > 0 } inputs; call++)
        {
            Tensor[] got = run([.. inputs.Select(i => i.Value)]);
            compared.AddRange(Side(members, $"{call}/out/").Select((want, i) => i < got.Length
                ? ArrayComparison.Of($"{want.Name} {want.Value.Shape}", got[i], want.Value, ComputedTolerance.Of(want.Value, part))
                : throw new ModelFormatException($"{place}:{Key}", $"output {i}", $"one of {got.Length}")));
        }

        return compared.Count > 0 ? compared : throw new ModelFormatException($"{place}:{Key}", "no calls", "at least one");
    }

    private static IReadOnlyList<(Tensor[] Inputs, Tensor[] Outputs)> Calls(KerasModel model, ExportRequest request, Work work)
    {
        using Progress bar = work.Begin("draw a self check");
        return new DrawnInputs(model, request.Onnx.FixedSizes, Seed, work.Token).Calls(request.SelfChecks);
    }

    private static string Write(
        IReadOnlyList<(Tensor[] Inputs, Tensor[] Outputs)> calls, IReadOnlyList<string> inputNames, IReadOnlyList<string> outputNames, int wanted, double part, Func<Tensor[], Tensor[]> given)
    {
        if (calls.Count < wanted)
        {
            throw new ArgumentException($"--self-check {wanted}: the model took {calls.Count} of the inputs drawn for it.");
        }

        var members = new List<KeyValuePair<string, Tensor>> { KeyValuePair.Create(Tolerance, (Tensor)Tensor.Scalar(part)) };
        foreach ((int call, (Tensor[] inputs, Tensor[] outputs)) in calls.Index())
        {
            members.AddRange(given(inputs).Select((t, i) => KeyValuePair.Create($"{call}/in/{i}/{inputNames[i]}", t)));
            members.AddRange(outputs.Select((t, i) => KeyValuePair.Create($"{call}/out/{i}/{outputNames[i]}", t)));
        }

        using var stream = new MemoryStream();
        Npz.Write(stream, members);
        return System.Convert.ToBase64String(stream.ToArray());
    }

    /// <summary>The inputs or outputs of a call, in order.</summary>
    private static (string Name, Tensor Value)[] Side(Npz members, string prefix)
    {
        string[] names = [.. members.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))];
        return [.. names.Select((_, i) => names.First(n => n.StartsWith($"{prefix}{i}/", StringComparison.Ordinal))).Select(n => (n[(n.IndexOf('/', prefix.Length) + 1)..], members[n]))];
    }

    private static double Number(Npz members, string place) => members.TryRead(Tolerance, out Tensor? stored) && stored is Tensor<double> { Length: 1 } number
        ? number.Span[0]
        : throw new ModelFormatException($"{place}:{Key}", "no tolerance", "a float64 number");
}
