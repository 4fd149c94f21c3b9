using System.Runtime.CompilerServices;
using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Ratio;

/// <summary>A network to race with: a file below <c>tests/fixtures</c>, or an architecture written here. Weights that no file holds follow a formula.</summary>
/// <param name="Source">The file, or the architecture as Keras's JSON.</param>
/// <param name="Vocabulary">The number of words where the inputs are word indices, else null.</param>
internal sealed record Net(string Source, int? Vocabulary = null)
{
    public KerasModel Load(Device? device = null)
    {
        var options = new LoadOptions { Device = device ?? Device.Cpu };
        using KerasFile file = Source.StartsWith('{')
            ? KerasFileReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(Source)), "architecture.json")
            : KerasFileReader.Open(Path.Combine(Fixtures(), Source));
        if (file.Weights is not null)
        {
            return KerasModel.Load(file, options);
        }

        KerasModel model = KerasModel.LoadArchitecture(file, options);
        model.FillWeights((i, w) => ArchitectureFormula.Weight(i, w.Name, w.Shape));
        return model;
    }

    /// <summary>An input by the formula. Of word indices, only the last <paramref name="kept"/> of each row is text; padding before it is 0.</summary>
    public Tensor Input(int position, Shape shape, double kept)
    {
        Tensor<float> input = ArchitectureFormula.Input(position, shape, Vocabulary - 1);
        for (int i = 0; i < shape.ElementCount && Vocabulary is not null; i++)
        {
            int time = shape[1];
            input.Span[i] = i % time < time - (int)(kept * time) ? 0 : input.Span[i] + 1;
        }

        return input;
    }

    private static string Fixtures([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "tests", "fixtures");
}
