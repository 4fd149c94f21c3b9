// Two sentences through an Embedding: the table that Keras's get_weights() gives, and what predict() gives for the
// sentences' word indices. Run it from the repository's root.
using KerasCompat;
using KerasCompat.Runtime;
using KerasCompat.Verification;

string file = args.Length > 0 ? args[0] : "tests/fixtures/seeds/seeds-embedding-keras-2.3.1.h5";
using KerasModel model = KerasModel.Load(file);

// "This is a text" and "This is not a text" by the Tokenizer's indices, padded to six words.
Tensor sentences = Tensor.From([0, 0, 1, 2, 3, 4, 0, 1, 2, 5, 3, 4], 2, 6);
Console.WriteLine(model.Layers[0].GetWeights()[0].ToNumpyString());
Console.WriteLine(model.Predict(sentences).ToNumpyString());

VerificationReport report = model.Verify(Path.ChangeExtension(file, ".npz"), new Tolerance(0, 0));
Console.WriteLine(report);
return report.Passes ? 0 : 1;
