using System.Globalization;
using System.Text;
using KerasCompat.Convert.Cases;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>A program that writes numbers as its users do must not make the library read or write files so.</summary>
public class CultureTests
{
    /// <summary>Decimal commas, grouping points, another minus sign and other words for what is no number, in one.</summary>
    private static readonly CultureInfo Foreign = new(string.Empty)
    {
        NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            PercentDecimalSeparator = ",",
            NegativeSign = "−",
            NaNSymbol = "keine Zahl",
            PositiveInfinitySymbol = "unendlich",
            NegativeInfinitySymbol = "−unendlich",
        },
    };

    public static TheoryData<string, string> Cases() => SuiteCases.Of("seeds", "containers");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_gives_what_Keras_gave_in_any_culture(string suite, string name)
    {
        CaseOutcome outcome = InForeignCulture(() => CaseRunner.Run(SuiteCases.Find(suite, name)));
        Assert.True(outcome.Passes, outcome.Text);
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("onnx")]
    [InlineData("verification")]
    public void Text_and_files_are_the_same_in_any_culture(string kind)
    {
        byte[] Write()
        {
            using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-graphs", "mobilenet_block.keras"));
            return kind switch
            {
                "summary" => Encoding.UTF8.GetBytes(model.Summary()),
                "onnx" => model.ToOnnx().ToBytes(),
                "verification" => Encoding.UTF8.GetBytes(model.Verify(Fixtures.Path("keras3-graphs", "mobilenet_block.npz")).ToString()),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            };
        }

        Assert.Equal(Write(), InForeignCulture(Write));
    }

    private static T InForeignCulture<T>(Func<T> work)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Foreign;
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
